import type { Check } from '../../../result/stage-result.ts'
import { type Parameter, parseSignature, type Signature } from './signature.ts'
import type { SurfaceName } from './surface.ts'

export interface SurfaceComparison {
  /** `surface` where nothing is lost, else `surface/<name>` for each name that is. */
  readonly checks: readonly Check[]
  /** Lines of names that the baseline does not have. */
  readonly added: readonly string[]
  /** Lines of names that are there still but read otherwise, in a way that breaks no caller: annotations, options. */
  readonly changed: readonly string[]
}

/** A name that a caller of the reference can no longer use as before. */
interface Loss {
  readonly name: string
  readonly detail: string
  readonly file: string | undefined
  readonly line: number | undefined
}

interface Known extends SurfaceName {
  readonly signature: Signature
}

/**
 * Holds the public names against those of the baseline: a name that is gone or is something else, a parameter that is
 * gone, stands elsewhere, is given otherwise, has another default or none, and a new one without default each fail.
 */
export function compareSurface(baseline: readonly string[], now: readonly SurfaceName[]): SurfaceComparison {
  const names = new Map(
    now.flatMap((one): [string, Known][] => {
      const signature = parseSignature(one.text)
      return signature ? [[signature.name, { ...one, signature }]] : []
    }),
  )
  const before = baseline.flatMap((line) => {
    const signature = parseSignature(line)
    return signature ? [{ line, signature }] : []
  })
  const gone = new Set(before.map(({ signature }) => signature.name).filter((name) => !names.has(name)))
  const losses = before.flatMap(({ signature: old }): readonly Loss[] => {
    const known = names.get(old.name)
    if (!known) return removal(old, gone, names)
    const detail = difference(old, known.signature)
    return detail === undefined ? [] : [{ name: old.name, detail, file: known.file, line: known.line }]
  })
  const unread = baseline.length - before.length
  const known = new Map(before.map(({ line, signature }) => [signature.name, line]))
  return {
    checks:
      losses.length > 0 || unread > 0
        ? [...unreadable(baseline), ...joined(losses).map(lossCheck)]
        : [passed(before.length)],
    added: now.map(({ text }) => text).filter((text) => !known.has(nameIn(text))),
    changed: now
      .map(({ text }) => text)
      .filter((text) => (known.get(nameIn(text)) ?? text) !== text)
      .filter((text) => !losses.some(({ name }) => name === nameIn(text))),
  }
}

function nameIn(line: string): string {
  return parseSignature(line)?.name ?? line
}

const TITLE = 'The public names are those of the baseline'

function passed(count: number): Check {
  // A baseline without names proves nothing.
  if (count === 0) {
    return {
      id: 'surface',
      title: TITLE,
      verdict: 'inconclusive',
      detail: 'the baseline has no public names',
    }
  }
  return { id: 'surface', title: TITLE, verdict: 'pass', detail: `${count} names` }
}

function unreadable(baseline: readonly string[]): readonly Check[] {
  const line = baseline.find((one) => parseSignature(one) === undefined)
  if (line === undefined) return []
  const detail = `the baseline's "${line.slice(0, 100)}" is no public name`
  return [{ id: 'surface', title: TITLE, verdict: 'fail', detail }]
}

function lossCheck({ name, detail, file, line }: Loss): Check {
  return {
    id: `surface/${name}`,
    title: `${name} is as in the baseline`,
    verdict: 'fail',
    detail,
    ...(file === undefined ? {} : { location: { file, ...(line === undefined ? {} : { line }) } }),
  }
}

/** What is lost with a module or a class is told once, for the whole. */
function removal(
  { name, kind }: Signature,
  gone: ReadonlySet<string>,
  names: ReadonlyMap<string, Known>,
): readonly Loss[] {
  if (kind === 'command') return [{ name, detail: `the ${name} is gone`, file: undefined, line: undefined }]
  const parents = ancestors(name)
  if (parents.some((parent) => gone.has(parent))) return []
  const inside = [...gone].filter((other) => other.startsWith(`${name}.`)).length
  const home = parents.map((parent) => names.get(parent)).find((one) => one !== undefined)
  const within = inside > 0 ? `, with ${inside} public ${inside === 1 ? 'name' : 'names'} in it` : ''
  const detail = `the ${kind} ${name} is gone${within}`
  return [{ name, detail, file: home?.file, line: home?.line }]
}

/** a.b of a.b.c, then a. */
function ancestors(name: string): readonly string[] {
  const parts = name.split('.')
  return parts.slice(1).map((_, index) => parts.slice(0, parts.length - 1 - index).join('.'))
}

/** Why what called the old one cannot call the new one, in words; undefined where it can. */
function difference(old: Signature, now: Signature): string | undefined {
  if (old.kind !== now.kind) return `${a(old.kind)} has become ${a(now.kind)}`
  const marks = (labels: readonly string[]) => labels.filter((one) => one !== 'property').join(', ')
  if (marks(old.labels) !== marks(now.labels)) {
    return `it was ${marks(old.labels) || 'a plain function'} and is ${marks(now.labels) || 'a plain function'}`
  }
  if (old.target !== now.target) return `it called ${old.target} and calls ${now.target}`
  // A class without a signature takes what its base takes, which is not known here.
  if (!old.parameters || !now.parameters) return undefined
  return parameterDifference(old.parameters, now.parameters)
}

function parameterDifference(old: readonly Parameter[], now: readonly Parameter[]): string | undefined {
  const found = (name: string) => now.find((one) => one.name === name)
  for (const before of old) {
    const after = found(before.name)
    const isVariadic = before.kind === '*args' || before.kind === '**kwargs'
    if (isVariadic && now.some((one) => one.kind === before.kind)) continue
    if (!after) return `parameter ${before.name} is gone`
    if (after.kind !== before.kind) {
      return `parameter ${before.name} was ${before.kind} and is ${after.kind}`
    }
    if (before.default === undefined || before.default === after.default) continue
    return after.default === undefined
      ? `parameter ${before.name} has lost its default ${before.default}`
      : `the default of parameter ${before.name} was ${before.default} and is ${after.default}`
  }
  const added = now.find(
    ({ name, kind, default: value }) =>
      value === undefined && !kind.includes('*') && !old.some((one) => one.name === name),
  )
  if (added) return `the new parameter ${added.name} has no default`
  const positions = (list: readonly Parameter[]) =>
    list.filter(({ kind }) => kind.startsWith('positional')).map(({ name }) => name)
  const order = positions(now)
  const moved = positions(old).findIndex((name, index) => order[index] !== name)
  return moved < 0
    ? undefined
    : `parameter ${positions(old)[moved]} was number ${moved + 1}, where ${order[moved]} is now`
}

function a(kind: Signature['kind']): string {
  return `a ${kind}`
}

/** A name and its re-exports lose the same at the same place: one loss, told of the first. */
function joined(losses: readonly Loss[]): readonly Loss[] {
  const groups = new Map<string, readonly Loss[]>()
  for (const loss of losses) {
    const key = `${loss.file}:${loss.line}: ${loss.detail}`
    groups.set(key, [...(groups.get(key) ?? []), loss])
  }
  return [...groups.values()].flatMap(([first, ...others]): Loss[] => {
    if (!first) return []
    if (others.length === 0) return [first]
    return [{ ...first, detail: `${first.detail} (also as ${others.map(({ name }) => name).join(', ')})` }]
  })
}

import { z } from 'zod'
import { ConfigurationError } from '../result/configuration-error.ts'
import { nearest } from './nearest.ts'
import { meshSchema } from './schema.ts'
import type { KeyPath, Source } from './source.ts'

type Issue = z.core.$ZodIssue

/** A value that came from an action's input or a flag instead of the file. */
export interface Override {
  readonly path: KeyPath
  readonly value: unknown
  /** How the user knows it: `input "platforms"`, `--platforms`. */
  readonly from: string
}

/**
 * Turns the schema's complaints into the one error that the user sees: the first in the file's order, with its
 * place, what was found, what would be right, and how many more there are.
 */
export function explain(
  issues: readonly Issue[],
  source: Source | undefined,
  overrides: readonly Override[],
): ConfigurationError {
  const errors = issues.flatMap((issue) => explainOne(issue, source, overrides))
  errors.sort(
    (a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0),
  )
  const [first] = errors
  if (!first) throw new TypeError('nothing to explain')
  if (errors.length === 1) return first
  const more = `(and ${errors.length - 1} more)`
  return first.fix
    ? new ConfigurationError(first.message, { place: first.place, fix: `${first.fix} ${more}` })
    : new ConfigurationError(`${first.message} ${more}`, { place: first.place })
}

function explainOne(
  issue: Issue,
  source: Source | undefined,
  overrides: readonly Override[],
): ConfigurationError[] {
  const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) =>
        new ConfigurationError(`unknown key "${key}"${path.length ? ` in ${path.join('.')}` : ''}`, {
          place: source?.placeOfKey([...path, key]),
          fix: suggestKey(key, path),
        }),
    )
  }
  // Of a union, a branch that got as far as a key inside knows best what is wrong.
  const nested =
    issue.code === 'invalid_union' ? issue.errors.flat().find((inner) => inner.path.length > 0) : undefined
  if (nested) return explainOne({ ...nested, path: [...path, ...nested.path] }, source, overrides)
  const override = overrides.find(({ path: at }) => at.every((part, index) => part === path[index]))
  const found = shown(
    valueAt(override ? override.value : source?.value, override ? path.slice(override.path.length) : path),
  )
  const name = override ? override.from : path.join('.') || 'the file'
  const message =
    issue.code === 'invalid_type' && issue.expected === 'object' ? 'expected keys and values' : issue.message
  const isKey = issue.code === 'invalid_key'
  return [
    new ConfigurationError(
      `${name}: ${isKey ? `"${path.at(-1)}" is not allowed as a name` : wrongly(found, message)}`,
      {
        place: override ? undefined : isKey ? source?.placeOfKey(path) : source?.placeOfValue(path),
      },
    ),
  ]
}

function wrongly(found: string | undefined, message: string): string {
  return found === undefined ? message : `${message}, found ${found}`
}

function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<string | number, unknown>)[part]
        : undefined,
    value,
  )
}

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** What an unknown key was most likely meant to be: a sibling spelt alike, else the same key in its right place. */
function suggestKey(key: string, path: KeyPath): string {
  const root = z.toJSONSchema(meshSchema({ refusePath: () => undefined }), { io: 'input' }) as SchemaNode
  const siblings = keysOf(nodeAt(root, path))
  const near = nearest(key, siblings)
  if (near) return `did you mean "${near}"?`
  const elsewhere = Object.entries(root.properties ?? {}).find(([, child]) => keysOf(child).includes(key))
  if (elsewhere) return `did you mean ${elsewhere[0]}.${key}?`
  return `there are ${siblings.join(', ')}`
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
}

function keysOf(node: SchemaNode | undefined): string[] {
  return Object.keys(node?.properties ?? {})
}

function nodeAt(root: SchemaNode, path: KeyPath): SchemaNode | undefined {
  let node: SchemaNode | undefined = root
  for (const part of path) {
    const object: SchemaNode | undefined =
      node?.properties || node?.items ? node : (node?.anyOf?.find((one) => one.properties) ?? node)
    if (typeof part === 'number') node = object?.items
    else if (object?.properties && Object.hasOwn(object.properties, part)) node = object.properties[part]
    else node = typeof object?.additionalProperties === 'object' ? object.additionalProperties : undefined
  }
  return node?.properties ? node : (node?.anyOf?.find((one) => one.properties) ?? node)
}

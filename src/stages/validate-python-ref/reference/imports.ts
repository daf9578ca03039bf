import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../../project/load.ts'
import type { Check } from '../../../result/stage-result.ts'
import { formatDuration } from '../../../result/units.ts'
import { failureOf, runTool } from '../../../toolchain/command.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import { absent as notInstalled } from './absence.ts'
import { IMPORT_SCRIPT } from './import-script.ts'
import { pythonOnPath } from './interpreter.ts'
import { isIdentifier, type PackageLayout, readLayouts } from './layout.ts'
import { inProject, locationIn } from './place.ts'

/** How long one module may take, and all of them; a few that hang are not the rest's misfortune. */
const MODULE_MS = 20_000
const ALL_MS = 300_000

/** How many causes, prints and warnings a check's one line names. */
const MENTIONED = 3

/** How the import of one module ended. */
interface ImportResult {
  /** Of the check that it belongs to. */
  readonly key: string
  readonly name: string
  /** `absent`: the project is not installed; `elsewhere`: what was imported is no file of the project. */
  readonly status: 'ok' | 'raised' | 'exited' | 'died' | 'hung' | 'absent' | 'elsewhere'
  readonly said?: string
  readonly file?: string
  readonly line?: number | null
  /** The standard module that a file of the project is in the way of. */
  readonly shadow?: { readonly name: string; readonly file: string } | null
  readonly output: string
  readonly warnings: readonly { readonly said: string; readonly file: string; readonly line: number }[]
  readonly threads: readonly string[]
}

/** One check: a package by one of its two import paths. */
interface Question {
  readonly id: string
  readonly title: string
  readonly layout: PackageLayout
  /** What stands before the names of its modules: packages.mcp_mesh.src. */
  readonly prefix: string
}

/**
 * Whether every module of every package can be imported, each without the others: by its installed import path
 * (`imports/<path>`), and by that of the repository's folders (`imports/<path>/as-in-repository`), where their names
 * are identifiers. Tests inside of packages are left out, and `__main__.py` is only compiled.
 */
export async function checkImports(
  project: Project,
  places: ToolPlaces,
  { moduleMs = MODULE_MS }: { readonly moduleMs?: number } = {},
): Promise<readonly Check[]> {
  const layouts = await readLayouts(project)
  const questions = layouts.flatMap(questionsOf)
  const asked = questions.filter(({ prefix, layout }) => isImportable(prefix) && layout.modules.length > 0)
  const answer = await importAll(project, places, asked, moduleMs)
  return questions.map((question): Check => {
    const check = { id: question.id, title: question.title }
    if (!question.layout.isThere) {
      return { ...check, verdict: 'fail', detail: `there is no folder ${question.layout.path}` }
    }
    if (question.layout.modules.length === 0) {
      return { ...check, verdict: 'fail', detail: `there is no module in ${question.layout.root}` }
    }
    if (!isImportable(question.prefix)) {
      return { ...check, verdict: 'skipped', detail: `${question.layout.root} is no import path` }
    }
    if ('failure' in answer) return { ...check, verdict: 'inconclusive', detail: answer.failure }
    const own = answer.results.filter(({ key }) => key === question.id)
    return { ...check, ...judged(project, question, own, answer.durationMs) }
  })
}

function questionsOf(layout: PackageLayout): readonly Question[] {
  const { path } = layout
  return [
    { id: `imports/${path}`, title: `${path} can be imported`, layout, prefix: '' },
    {
      id: `imports/${path}/as-in-repository`,
      title: `${path} can be imported from the repository's folder`,
      layout,
      prefix: `${layout.root.split('/').join('.')}.`,
    },
  ]
}

function isImportable(prefix: string): boolean {
  return prefix === '' || prefix.slice(0, -1).split('.').every(isIdentifier)
}

type Answer =
  | { readonly results: readonly ImportResult[]; readonly durationMs: number }
  | { readonly failure: string }

async function importAll(
  project: Project,
  places: ToolPlaces,
  questions: readonly Question[],
  moduleMs: number,
): Promise<Answer> {
  if (questions.length === 0) return { results: [], durationMs: 0 }
  const python = await pythonOnPath(places)
  const folder = await mkdtemp(join(places.temporary, 'imports-'))
  const [script, request, answered] = ['script.py', 'request.json', 'answer.json'].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  try {
    await writeFile(script, IMPORT_SCRIPT)
    await writeFile(request, JSON.stringify(requestOf(project, questions, moduleMs)))
    return await places.log.task('Import every module of the reference', async (output) => {
      const attempt = async (...rest: readonly string[]): Promise<Answer> => {
        const outcome = await runTool([python, '-I', script, request, answered, ...rest], places, {
          cwd: folder,
          timeoutMs: Math.max(ALL_MS, moduleMs * 10),
          output,
        })
        const text = await readFile(answered, 'utf8').catch(absent)
        if (text === undefined) return { failure: `cannot ask ${python}: ${failureOf(outcome)}` }
        return { results: JSON.parse(text) as readonly ImportResult[], durationMs: outcome.durationMs }
      }
      const answer = await attempt()
      // Once more without what is imported beforehand, should that be what ends the interpreter.
      return 'failure' in answer ? await attempt('--plain') : answer
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function requestOf(project: Project, questions: readonly Question[], moduleMs: number) {
  const layouts = [...new Set(questions.map(({ layout }) => layout))]
  return {
    directory: project.directory,
    limit: moduleMs / 1000,
    own: Object.fromEntries(
      layouts.flatMap(({ modules, name }) => modules.map((one) => [one.name.split('.')[0], name ?? null])),
    ),
    jobs: questions.flatMap(({ id, layout, prefix }) =>
      layout.modules.map(({ name, file }) => ({
        key: id,
        name: prefix + name,
        file: join(project.directory, file),
        top: name.split('.')[0],
        repository: prefix !== '',
        compile: name.split('.').at(-1) === '__main__',
      })),
    ),
  }
}

function judged(
  project: Project,
  { layout, prefix }: Question,
  results: readonly ImportResult[],
  durationMs: number,
): Pick<Check, 'verdict'> & Partial<Check> {
  const [hidden] = [...twins(layout), ...results.flatMap((one) => hiddenBy(project, layout, prefix, one))]
  if (hidden) {
    return {
      verdict: 'fail',
      detail: `${hidden.by} takes the place of ${hidden.file}, which is not imported any more`,
      fix: `remove ${hidden.by}, or give it another name`,
      location: { file: hidden.by },
    }
  }
  const failed = results.filter(({ status }) => ['raised', 'exited', 'died', 'hung'].includes(status))
  const causes = grouped(failed)
  const [first] = causes
  if (first) {
    const told = causes.slice(0, MENTIONED).map((group) => cause(project, group))
    const more = causes.length > MENTIONED ? `; and ${causes.length - MENTIONED} more` : ''
    const [{ shadow, file, line }] = first
    return {
      verdict: 'fail',
      detail: `${told.join('; ')}${more}`,
      ...(shadow ? { fix: `give ${inProject(project, shadow.file)} another name` } : {}),
      ...(shadow ? locationIn(project, shadow.file) : locationIn(project, file, line)),
    }
  }
  const absence = notInstalled(
    results
      .filter(({ status }) => status === 'absent')
      .flatMap(({ said }) => said ?? [])
      .slice(0, 1),
  )
  if (absence) return absence
  const other = results.find(({ status }) => status === 'elsewhere')
  if (other) {
    return {
      verdict: 'inconclusive',
      detail: `${other.name} is imported from ${other.said}, not from ${layout.path}`,
      fix: 'install the package editable, as setup-mesh-toolchain does',
    }
  }
  if (results.length < layout.modules.length) {
    return { verdict: 'inconclusive', detail: 'not every module was tried' }
  }
  const said = [`${results.length} modules in ${formatDuration(durationMs)}`, ...noted(project, results)]
  return { verdict: 'pass', detail: said.join('; ') }
}

/** A module that Python does not come to, as another file of the name is taken before it. */
interface Hidden {
  readonly file: string
  readonly by: string
}

/** Of x.py and x/__init__.py it is the package that Python takes. */
function twins({ modules }: PackageLayout): readonly Hidden[] {
  const packages = new Map(
    modules.filter(({ file }) => file.endsWith('/__init__.py')).map((one) => [one.name, one]),
  )
  return modules.flatMap(({ name, file }) => {
    const by = packages.get(name)?.file ?? file
    return by === file ? [] : [{ file, by }]
  })
}

/** What was imported in the place of x.py and lies beside it: a compiled x.so. */
function hiddenBy(
  project: Project,
  layout: PackageLayout,
  prefix: string,
  { name, status, said }: ImportResult,
): readonly Hidden[] {
  const by = status === 'elsewhere' && said !== undefined ? inProject(project, said) : undefined
  if (by === undefined) return []
  return layout.modules
    .filter((one) => prefix + one.name === name && one.file !== by)
    .filter(({ file }) => by.startsWith(file.slice(0, -'py'.length)))
    .map(({ file }) => ({ file, by }))
}

type Group = readonly [ImportResult, ...ImportResult[]]

/** The failures by what caused them: most of what a package imports goes through the same few lines. */
function grouped(failed: readonly ImportResult[]): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const one of failed) {
    const key = JSON.stringify([one.status, one.said])
    const group = groups.get(key)
    groups.set(key, group ? [...group, one] : [one])
  }
  return [...groups.values()]
}

function cause(project: Project, [first, ...others]: Group): string {
  const also = others.length > 0 ? ` (as ${others.length} others)` : ''
  return `importing ${first.name}${also} ${ending(project, first)}`
}

function ending(project: Project, { status, said, shadow }: ImportResult): string {
  switch (status) {
    case 'raised':
      return shadow
        ? `fails, as ${inProject(project, shadow.file)} shadows Python's own ${shadow.name}: ${said}`
        : `fails: ${said}`
    case 'exited':
      return `ends the interpreter: it calls sys.exit(${said === 'None' ? '' : said})`
    case 'died':
      return `ends the interpreter: ${said}`
    case 'hung':
      return 'does not come back'
    case 'ok':
    case 'absent':
    case 'elsewhere':
      return status
    default:
      return status satisfies never
  }
}

/** What an import did beside importing: no failure, but nothing that goes unsaid. */
function noted(project: Project, results: readonly ImportResult[]): readonly string[] {
  const notes = results.flatMap(({ name, output, warnings, threads }) => [
    ...(output === '' ? [] : [`${name} prints "${output.split('\n')[0]?.slice(0, 80)}"`]),
    ...(threads.length === 0 ? [] : [`${name} starts a thread`]),
    ...warnings.flatMap(({ said, file, line }) => {
      const place = inProject(project, file)
      return place === undefined || place.includes('site-packages/')
        ? []
        : [`${place}:${line} warns: ${said}`]
    }),
  ])
  const distinct = [...new Set(notes)]
  const more = distinct.length > MENTIONED ? [`and ${distinct.length - MENTIONED} more`] : []
  return [...distinct.slice(0, MENTIONED), ...more]
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

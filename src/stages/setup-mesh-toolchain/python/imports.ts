import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { allEnded } from '../../../process/all-ended.ts'
import { ending } from '../../../process/run.ts'
import type { Project } from '../../../project/load.ts'
import type { Check } from '../../../result/stage-result.ts'
import { formatDuration } from '../../../result/units.ts'
import { failureOf, runTool } from '../../../toolchain/command.ts'
import { LIMITS, type Limits } from '../../../toolchain/limits.ts'
import type { PythonPackage } from '../../../toolchain/python-packages.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import { IMPORT_SCRIPT } from './import-script.ts'
import type { Installed } from './install.ts'

/** A module that is not there, and who imports it. */
interface Missing {
  readonly name: string
  /** The top-level module whose import failed; absent when the import was only read. */
  readonly module?: string
  /** The file of another distribution that imports it, where it is not the package itself. */
  readonly by?: string | null
  readonly file?: string
  readonly line?: number
  /** Whether it stands behind an extra that is not installed. */
  readonly optional: 'yes' | 'no' | 'unclear'
}

interface Answer {
  readonly modules: readonly string[]
  /** The module whose import did not come back. */
  readonly importing: string | null
  readonly missing: readonly Missing[]
  readonly crash: {
    readonly crash: string
    readonly said: string
    readonly file?: string
    readonly line?: number
  } | null
  readonly done: boolean
}

/**
 * Whether each package can be imported with what it declares and nothing else: one check `imports/<path>` for each. The
 * packages must be installed; where they are not, the checks are inconclusive.
 */
export async function checkImports(
  project: Project,
  packages: readonly PythonPackage[],
  installed: Pick<Installed, 'python' | 'packages'>,
  places: ToolPlaces,
  limits: Limits = LIMITS,
): Promise<readonly Check[]> {
  const folder = await mkdtemp(join(places.temporary, 'imports-'))
  return allEnded(
    packages.map(async (one, index): Promise<Check> => {
      const check = { id: `imports/${one.path}`, title: `${one.path} imports what it declares` }
      const { python } = installed
      if (python === undefined || !installed.packages.some(({ path }) => path === one.path)) {
        return { ...check, verdict: 'inconclusive', detail: 'it is not installed' }
      }
      const request = { folder: one.folder, folders: packages.map((each) => each.folder) }
      const asked = join(folder, `${index}.json`)
      await writeFile(asked, JSON.stringify(request))
      const { answer, outcome, ms } = await asking(python, one, asked, places, limits)
      return { ...check, ...judged(project, one, answer, outcome, ms) }
    }),
  ).finally(() => rm(folder, { recursive: true, force: true }))
}

async function asking(
  python: string,
  { path }: PythonPackage,
  request: string,
  places: ToolPlaces,
  limits: Limits,
) {
  const answered = request.replace(/\.json$/, '-answer.json')
  const outcome = await places.log.task(`Import ${path}`, (output) =>
    runTool([python, '-I', '-B', '-c', IMPORT_SCRIPT, request, answered], places, {
      timeoutMs: limits.importMs,
      output,
    }),
  )
  const text = await readFile(answered, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
  const answer = text === undefined ? undefined : (JSON.parse(text) as Answer)
  return { answer, outcome, ms: outcome.durationMs }
}

type Judgement = Pick<Check, 'verdict'> & Partial<Check>

function judged(
  project: Project,
  one: PythonPackage,
  answer: Answer | undefined,
  outcome: Awaited<ReturnType<typeof runTool>>,
  ms: number,
): Judgement {
  if (!answer) return { verdict: 'inconclusive', detail: `cannot ask its environment: ${failureOf(outcome)}` }
  const place = (file: string | undefined, line: number | undefined) => locationIn(project, file, line)
  const certain = answer.missing.find(({ optional }) => optional === 'no')
  if (certain) return undeclared(one, certain, answer, place(certain.file, certain.line))
  if (answer.crash) {
    const { crash, said, file, line } = answer.crash
    return {
      verdict: 'fail',
      detail: `importing ${crash} fails: ${said.replace(/\s+/g, ' ')}`,
      ...place(file, line),
    }
  }
  if (!answer.done) {
    const last = outcome.ended === 'timed-out' ? ending(outcome) : failureOf(outcome)
    return { verdict: 'fail', detail: `importing ${answer.importing ?? one.path}: ${last}` }
  }
  if (answer.modules.length === 0) {
    return { verdict: 'inconclusive', detail: 'its metadata names no module' }
  }
  const unclear = answer.missing.find(({ optional }) => optional === 'unclear')
  if (unclear) {
    return {
      verdict: 'inconclusive',
      detail: `${unclear.name} is not there; it may belong to an extra that is not installed`,
      fix: 'name the extra in extra-requirements, or import it where it is used',
      ...place(unclear.file, unclear.line),
    }
  }
  return { verdict: 'pass', detail: `${answer.modules.join(', ')} in ${formatDuration(ms)}` }
}

function undeclared(
  { file, path }: PythonPackage,
  missing: Missing,
  { modules }: Answer,
  location: Partial<Check>,
): Judgement {
  const { name, by } = missing
  const needy = missing.module ?? modules.find((module) => missing.file?.includes(`${sep}${module}`)) ?? path
  if (by) {
    return {
      verdict: 'fail',
      detail: `importing ${needy} fails: ${distributionOf(by)} needs ${name}, which neither it nor ${file} declares`,
      ...location,
    }
  }
  return {
    verdict: 'fail',
    detail: `${needy} needs ${name}, which ${file} does not declare`,
    fix: `add what provides ${name} to its dependencies`,
    ...location,
  }
}

/** The first part below site-packages of a file there. */
function distributionOf(file: string): string {
  return /[\\/]site-packages[\\/]([^\\/]+?)(?:\.py)?(?:[\\/]|$)/.exec(file)?.[1] ?? file
}

function locationIn(
  project: Project,
  file: string | undefined,
  line: number | undefined,
): Pick<Check, 'location'> {
  if (file === undefined) return {}
  const path = relative(project.directory, file)
  if (path.startsWith('..')) return {}
  return { location: { file: path.split(sep).join('/'), ...(line === undefined ? {} : { line }) } }
}

import { posix } from 'node:path'
import type { Check } from '../../result/stage-result.ts'
import type { TestEvent } from './go-test-events.ts'

/** Where the packages of an event lie. */
export interface GoModule {
  /** Folder of go.mod, relative to the project. */
  readonly directory: string
  /** The same, absolute and without symbolic links, as stacks name files. */
  readonly root: string
  /** What go.mod calls the module. */
  readonly path: string
}

/** What a test says of itself, with the file in its package's folder. */
const LOCATED = /^\s+(\S+\.go):(\d+): /

/** A red check for each test that failed, at the line that it names; of a test with subtests only those. */
export function failedTests(events: readonly TestEvent[], module: GoModule): readonly Check[] {
  const failed = events.filter(({ Action, Test }) => Action === 'fail' && Test !== undefined)
  const alone = failed.filter(
    ({ Package, Test }) =>
      !failed.some((other) => other.Package === Package && other.Test?.startsWith(`${Test}/`)),
  )
  const inTests = alone.map(({ Package = '', Test = '' }): Check => {
    const lines = linesOf(events, (one) => one.Package === Package && one.Test === Test)
    const panic = lines.findIndex((line) => line.startsWith('panic: '))
    // What a test only logs looks like an error, and comes before it.
    const said = lines[panic] ?? lines.findLast((line) => LOCATED.test(line))
    const folder = folderOf(Package, module.path)
    const location = panic < 0 ? locationOf(said, folder, module) : frameIn(lines.slice(panic), module)
    return {
      id: `go-test/${Package}.${Test}`,
      title: `${Test} passes`,
      verdict: 'fail',
      detail: (said ?? 'it failed').trim().replace(/^\S+\.go:\d+: /, ''),
      ...(location ? { location } : {}),
    }
  })
  const packages = new Set(failed.map(({ Package }) => Package))
  // A package can fail without a test: TestMain, an init that panics, a race at the end.
  const bare = events.filter(
    ({ Action, Test, Package }) => Action === 'fail' && Test === undefined && !packages.has(Package),
  )
  return [
    ...inTests,
    // What does not compile of its own has a check already.
    ...bare
      .filter(({ Package = '', FailedBuild }) => !FailedBuild || !isOf(FailedBuild, Package))
      .map(({ Package = '', FailedBuild }): Check => {
        const check = {
          id: `go-test/${Package}`,
          title: `the tests of ${Package} run`,
          verdict: 'fail',
        } as const
        if (FailedBuild !== undefined) {
          const { detail, location } = compilerError(events, FailedBuild, module)
          return {
            ...check,
            detail: `${FailedBuild} cannot be built: ${detail}`,
            ...(location ? { location } : {}),
          }
        }
        const lines = linesOf(events, (one) => one.Package === Package && one.Test === undefined)
        const said = lines.find((line) => line.trim() !== '' && !/^(FAIL|exit status)/.test(line))
        return { ...check, detail: said?.trim() ?? 'its tests ended with an error' }
      }),
  ]
}

/** Whether a build is of a package itself: `example.com/mesh`, or `example.com/mesh [example.com/mesh.test]`. */
function isOf(build: string, path: string): boolean {
  return build === path || build.startsWith(`${path} [`) || build.startsWith(`${path}_test [`)
}

/** A red check for each error of the compiler. */
export function failedBuilds(events: readonly TestEvent[], module: GoModule): readonly Check[] {
  const failed = events.filter(({ Action }) => Action === 'build-fail')
  return failed.map(({ ImportPath = '' }): Check => {
    return {
      id: `go-test/${ImportPath}`,
      title: `the tests of ${ImportPath} compile`,
      verdict: 'fail',
      ...compilerError(events, ImportPath, module),
    }
  })
}

/** What the compiler says of a build that failed, and of which line. */
function compilerError(
  events: readonly TestEvent[],
  build: string,
  { directory }: GoModule,
): { readonly detail: string } & Pick<Check, 'location'> {
  const lines = events
    .filter((one) => one.Action === 'build-output' && one.ImportPath === build)
    .map(({ Output = '' }) => Output.trimEnd())
  const said = lines.find((line) => /^\S+\.go:\d+/.test(line)) ?? lines.find((line) => !line.startsWith('#'))
  const [, file, line, column] = /^(\S+\.go):(\d+)(?::(\d+))?: /.exec(said ?? '') ?? []
  const detail = (said ?? 'it does not compile').replace(/^\S+\.go:\d+(:\d+)?: /, '')
  if (file === undefined) return { detail }
  const place = { file: posix.join(directory, file), line: Number(line) }
  return { detail, location: column === undefined ? place : { ...place, column: Number(column) } }
}

function linesOf(events: readonly TestEvent[], wanted: (event: TestEvent) => boolean): readonly string[] {
  return events
    .filter((event) => event.Action === 'output' && wanted(event))
    .map(({ Output = '' }) => Output.trimEnd())
}

/** What the tests that failed have said, as it stands in the events. */
export function saidByFailed(events: readonly TestEvent[]): readonly string[] {
  const keyOf = ({ Package, Test }: TestEvent) => `${Package} ${Test}`
  const failed = new Set(events.filter(({ Action }) => Action === 'fail').map(keyOf))
  return linesOf(events, (event) => event.Test !== undefined && failed.has(keyOf(event)))
}

function locationOf(said: string | undefined, folder: string | undefined, { directory }: GoModule) {
  const [, file, line] = LOCATED.exec(said ?? '') ?? []
  if (file === undefined || folder === undefined) return undefined
  return { file: posix.join(directory, folder, file), line: Number(line) }
}

/** The innermost frame of a stack that lies in the module. */
function frameIn(stack: readonly string[], { directory, root }: GoModule) {
  for (const frame of stack) {
    const [, file, line] = /^\t(\/.+\.go):(\d+)/.exec(frame) ?? []
    if (!file?.startsWith(`${root}/`)) continue
    return { file: posix.join(directory, file.slice(root.length + 1)), line: Number(line) }
  }
  return undefined
}

/** The folder of a package, relative to its module; undefined for a package of another module. */
function folderOf(path: string, module: string): string | undefined {
  if (path === module) return '.'
  return path.startsWith(`${module}/`) ? path.slice(module.length + 1) : undefined
}

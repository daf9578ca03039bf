import { posix } from 'node:path'
import type { Check } from '../../result/stage-result.ts'
import type { TestEvent } from './go-test-events.ts'

/** Where the packages of an event lie. */
export interface GoModule {
  /** Folder of go.mod, relative to the project. */
  readonly directory: string
  /** What go.mod calls the module. */
  readonly path: string
}

/** A red check for each test that failed, at the line that it names; of a test with subtests only those. */
export function failedTests(events: readonly TestEvent[], module: GoModule): readonly Check[] {
  const failed = events.filter(({ Action, Test }) => Action === 'fail' && Test !== undefined)
  const alone = failed.filter(
    ({ Package, Test }) =>
      !failed.some((other) => other.Package === Package && other.Test?.startsWith(`${Test}/`)),
  )
  const inTests = alone.map(({ Package = '', Test = '' }): Check => {
    const lines = linesOf(events, (one) => one.Package === Package && one.Test === Test)
    const said =
      lines.find((line) => /^\s+\S+\.go:\d+: /.test(line)) ?? lines.find((line) => /panic:/.test(line))
    const [, file, line] = /^\s+(\S+\.go):(\d+): /.exec(said ?? '') ?? []
    const folder = folderOf(Package, module.path)
    return {
      id: `go-test/${Package}.${Test}`,
      title: `${Test} passes`,
      verdict: 'fail',
      detail: (said ?? 'it failed').trim().replace(/^\S+\.go:\d+: /, ''),
      ...(file === undefined || folder === undefined
        ? {}
        : { location: { file: posix.join(module.directory, folder, file), line: Number(line) } }),
    }
  })
  const packages = new Set(failed.map(({ Package }) => Package))
  // A package can fail without a test: TestMain, an init that panics, a race at the end.
  const bare = events.filter(
    ({ Action, Test, Package }) => Action === 'fail' && Test === undefined && !packages.has(Package),
  )
  const built = new Set(
    events.filter(({ Action }) => Action === 'build-fail').map(({ ImportPath }) => ImportPath),
  )
  return [
    ...inTests,
    ...bare
      .filter(({ Package = '' }) => ![...built].some((path) => path?.startsWith(Package)))
      .map(({ Package = '' }): Check => {
        const lines = linesOf(events, (one) => one.Package === Package && one.Test === undefined)
        const said = lines.find((line) => line.trim() !== '' && !/^(FAIL|exit status)/.test(line))
        return {
          id: `go-test/${Package}`,
          title: `the tests of ${Package} run`,
          verdict: 'fail',
          detail: said?.trim() ?? 'its tests ended with an error',
        }
      }),
  ]
}

/** A red check for each error of the compiler. */
export function failedBuilds(events: readonly TestEvent[], { directory }: GoModule): readonly Check[] {
  const failed = events.filter(({ Action }) => Action === 'build-fail')
  return failed.map(({ ImportPath = '' }): Check => {
    const lines = events
      .filter((one) => one.Action === 'build-output' && one.ImportPath === ImportPath)
      .map(({ Output = '' }) => Output.trimEnd())
    const said =
      lines.find((line) => /^\S+\.go:\d+/.test(line)) ?? lines.find((line) => !line.startsWith('#'))
    const [, file, line, column] = /^(\S+\.go):(\d+)(?::(\d+))?: /.exec(said ?? '') ?? []
    return {
      id: `go-test/${ImportPath}`,
      title: `the tests of ${ImportPath} compile`,
      verdict: 'fail',
      detail: (said ?? 'they do not').replace(/^\S+\.go:\d+(:\d+)?: /, ''),
      ...(file === undefined
        ? {}
        : {
            location: {
              file: posix.join(directory, file),
              line: Number(line),
              ...(column === undefined ? {} : { column: Number(column) }),
            },
          }),
    }
  })
}

function linesOf(events: readonly TestEvent[], wanted: (event: TestEvent) => boolean): readonly string[] {
  return events
    .filter((event) => event.Action === 'output' && wanted(event))
    .map(({ Output = '' }) => Output.trimEnd())
}

/** The folder of a package, relative to its module; undefined for a package of another module. */
function folderOf(path: string, module: string): string | undefined {
  if (path === module) return '.'
  return path.startsWith(`${module}/`) ? path.slice(module.length + 1) : undefined
}

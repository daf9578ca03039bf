import { type ChildProcess, execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { SUITE } from '../../scripts/generate/suite.ts'
import { type Ended, execute, exportSuite, NODE_24, ROOT } from './suite.ts'

/** Where act keeps what it would keep in the user's cache folder, and an export of the suite for it to find. */
export interface ActHome {
  readonly cache: string
  readonly suite: string
  /** What other refs of the suite than the major tag stand for, each an absolute folder. */
  readonly refs?: Readonly<Record<string, string>>
}

export function actHome(folder: string): ActHome {
  const home = { cache: join(folder, 'cache'), suite: join(folder, 'suite') }
  mkdirSync(home.cache, { recursive: true })
  exportSuite(home.suite)
  return home
}

interface Machine {
  readonly GOCACHE: string
  readonly GOMODCACHE: string
  /** The act that tools/go.mod pins, built. */
  readonly act: string
}

let machine: Machine | undefined

/** Asked before the caches move away. `go tool` itself would fill a run's module cache, so act is started directly. */
function ofMachine(): Machine {
  if (machine) return machine
  const go = (...args: string[]) =>
    execFileSync('go', ['-C', join(ROOT, 'tools'), ...args], { encoding: 'utf8' })
  go('tool', 'act', '--version')
  machine = {
    ...JSON.parse(go('env', '-json', 'GOCACHE', 'GOMODCACHE')),
    act: go('tool', '-n', 'act').trim(),
  }
  return machine as Machine
}

/** The act that tools/go.mod pins: a program. */
export function actProgram(): string {
  return ofMachine().act
}

/**
 * Runs a project's workflow under act on the host, without a network: `org/mesh-actions@v1` is the export, and Go may
 * fetch nothing but what this machine has. `cacheServer: false` leaves out the server whose URL tells runs apart.
 */
export async function act(
  home: ActHome,
  project: string,
  options: {
    readonly workflow: string
    /** Default push. */
    readonly event?: string
    readonly cacheServer?: boolean
    /** Flags for every go command, beside those that make it do without a network. */
    readonly goFlags?: string
    readonly onStart?: (child: ChildProcess) => void
  },
): Promise<Ended> {
  const { GOCACHE, GOMODCACHE, act: program } = ofMachine()
  return execute(
    program,
    [
      ...[options.event ?? 'push', '--directory', project],
      ...['--workflows', options.workflow, '--platform', 'ubuntu-latest=-self-hosted'],
      ...Object.entries({ ...home.refs, v1: home.suite }).flatMap(([ref, suite]) => [
        ...['--local-repository', `${SUITE}@${ref}=${suite}`],
      ]),
      '--action-offline-mode',
      ...(options.cacheServer === false
        ? ['--no-cache-server']
        : ['--cache-server-addr', '127.0.0.1', '--cache-server-path', join(home.cache, 'cache-server')]),
      '--json',
    ],
    {
      ...(options.onStart ? { onStart: options.onStart } : {}),
      env: {
        ...process.env,
        // The first node on PATH runs the actions.
        PATH: [dirname(NODE_24), process.env.PATH].join(delimiter),
        XDG_CACHE_HOME: home.cache,
        GOCACHE,
        // Like a fresh runner, it has no modules; like one without a network, it gets them from this machine.
        GOMODCACHE: join(home.cache, 'go-modules'),
        GOPROXY: `file://${GOMODCACHE}/cache/download`,
        GOSUMDB: 'off',
        GOFLAGS: `-mod=mod -modcacherw ${options.goFlags ?? ''}`.trim(),
      },
    },
  )
}

interface ActLine {
  readonly msg: string
  readonly job?: string
  readonly level?: string
  readonly jobResult?: string
}

/** What act said with --json, a line each. */
export function actLines({ stdout, stderr }: Ended): readonly ActLine[] {
  return `${stdout}\n${stderr}`
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as ActLine] : []))
}

/** How each job ended. */
export function jobResults(ended: Ended): Record<string, string> {
  return Object.fromEntries(
    actLines(ended).flatMap(({ job, jobResult }) =>
      job !== undefined && jobResult !== undefined ? [[job.replace(/^.*\//, '').trim(), jobResult]] : [],
    ),
  )
}

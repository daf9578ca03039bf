import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { type Ended, execute, exportSuite, NODE_24, ROOT } from './suite.ts'

/** Where act keeps what it would keep in the user's cache folder, and an export of the suite for it to find. */
export interface ActHome {
  readonly cache: string
  readonly suite: string
}

export function actHome(folder: string): ActHome {
  const home = { cache: join(folder, 'cache'), suite: join(folder, 'suite') }
  mkdirSync(home.cache, { recursive: true })
  exportSuite(home.suite)
  return home
}

let ofMachine: { readonly GOCACHE: string; readonly GOMODCACHE: string } | undefined

/**
 * Runs a project's workflow under act on the host, without a network: `org/mesh-actions@v1` is the export,  and Go
 * may fetch nothing but what this machine has. `cacheServer: false` leaves out the server whose URL tells runs apart.
 */
export async function act(
  home: ActHome,
  project: string,
  options: { readonly workflow: string; readonly cacheServer?: boolean; readonly job?: string },
): Promise<Ended> {
  // Asked before the cache folder moves away with XDG_CACHE_HOME.
  ofMachine ??= JSON.parse(
    execFileSync('go', ['env', '-json', 'GOCACHE', 'GOMODCACHE'], { encoding: 'utf8' }),
  ) as NonNullable<typeof ofMachine>
  return execute(
    'go',
    [
      ...['-C', join(ROOT, 'tools'), 'tool', 'act', 'push', '--directory', project],
      ...['--workflows', options.workflow, '--platform', 'ubuntu-latest=-self-hosted'],
      ...['--local-repository', `org/mesh-actions@v1=${home.suite}`, '--action-offline-mode'],
      ...(options.job === undefined ? [] : ['--job', options.job]),
      ...(options.cacheServer === false
        ? ['--no-cache-server']
        : ['--cache-server-addr', '127.0.0.1', '--cache-server-path', join(home.cache, 'cache-server')]),
      '--json',
    ],
    {
      env: {
        ...process.env,
        // The first node on PATH runs the actions.
        PATH: [dirname(NODE_24), process.env.PATH].join(delimiter),
        XDG_CACHE_HOME: home.cache,
        GOCACHE: ofMachine.GOCACHE,
        // Like a fresh runner, it has no modules; like one without a network, it gets them from this machine.
        GOMODCACHE: join(home.cache, 'go-modules'),
        GOPROXY: `file://${ofMachine.GOMODCACHE}/cache/download`,
        GOSUMDB: 'off',
        GOFLAGS: '-mod=mod -modcacherw',
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

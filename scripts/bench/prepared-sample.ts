import { execFileSync } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { MESH_ACTIONS } from './commands.ts'

const COMMANDS = ['mcp-mesh-registry', 'mcp-mesh-dev']

/** The environment in which the sample's own Makefile and scripts find everything. */
export interface PreparedEnvironment extends Readonly<Record<string, string>> {
  readonly PATH: string
  /** Where the suite keeps what it installed. */
  readonly XDG_CACHE_HOME: string
  readonly GOCACHE: string
}

/** Installs the sample's packages and what else is required, and builds its programs for this machine. */
export function preparedSample(
  sample: string,
  folder: string,
  requirements: readonly string[] = [],
): PreparedEnvironment {
  const platform = execFileSync('go', ['env', 'GOOS', 'GOARCH'], { encoding: 'utf8' }).trim().split('\n')
  const [node = '', ...args] = [
    ...[...MESH_ACTIONS, 'run', 'setup-mesh-toolchain', 'cross-compile-go', '--project', '.', '--json'],
    ...['--platforms', platform.join('/')],
    ...requirements.flatMap((one) => ['--extra-requirements', one]),
  ]
  const GOCACHE = execFileSync('go', ['env', 'GOCACHE'], { encoding: 'utf8' }).trim()
  const results = execFileSync(node, args, {
    cwd: sample,
    env: { ...process.env, XDG_CACHE_HOME: folder, GOCACHE },
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  for (const command of COMMANDS) {
    copyFileSync(join(sample, 'bin', `${command}-${platform.join('-')}`), join(sample, 'bin', command))
  }
  const venv = join(JSON.parse(results)[0].data.venv, 'bin')
  return { PATH: [venv, process.env.PATH].join(delimiter), XDG_CACHE_HOME: folder, GOCACHE }
}

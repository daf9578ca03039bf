import { posix } from 'node:path'
import { pasteable } from '../process/paste.ts'
import type { MeshConfig } from '../project/load.ts'
import { type Program, programsOf } from './programs.ts'
import type { Survey } from './survey.ts'

/** A file that init would write. */
export interface NewFile {
  /** Relative to the project. */
  readonly path: string
  readonly text: string
}

/** A user who owns nothing else on the machine; numeric, since a base without /etc/passwd knows no names. */
const USER = '65532:65532'

/** Where data go; an empty folder, copied because a base without a shell cannot make one for the user. */
const DATA = 'docker/data'

/**
 * Images for the registry and the CLI: static binaries that cross-compile-go proved, a numeric user without rights,
 * data in a volume. None for a project that has a Dockerfile already, or neither of the two.
 */
export function dockerfiles(config: MeshConfig, found: Survey): readonly NewFile[] {
  if (found.dockerfiles.length > 0) return []
  const programs = programsOf(config, found)
  const files = (['registry', 'cli'] as const).flatMap((name) => {
    const program = programs.find((one) => one.name === name)
    return program ? [...image(name, program, config, found)] : []
  })
  return files.length > 0 ? [...files, { path: `${DATA}/.gitkeep`, text: '' }] : []
}

function image(
  name: 'registry' | 'cli',
  { program }: Program,
  config: MeshConfig,
  found: Survey,
): readonly NewFile[] {
  const path = `docker/${name}.Dockerfile`
  const binary = posix.join(config.go.directory, config.go.output, `${program}-linux-`)
  const withPython = name === 'cli' && found.packages.length > 0
  const python = pythonFolders(found)
  const lines = [
    name === 'registry'
      ? '# The standalone registry for production: one static binary, and nothing else.'
      : '# The CLI with its embedded registry.',
    '#',
    `#   make build-${name}`,
    `#   docker build -f ${path} -t ${program} .`,
    `#   docker run -p 127.0.0.1:8080:8080 ${program}`,
    ...(withPython ? pythonBase(config, python) : ['FROM scratch', '']),
    '# BuildKit sets the platform that it builds for; the classic builder leaves it empty.',
    'ARG TARGETARCH',
    copy(`${binary}\${TARGETARCH:-amd64}`, `/usr/local/bin/${program}`),
    '',
    `COPY --chown=${USER} ${DATA}/ /data/`,
    ...environment(name, withPython),
    `USER ${USER}`,
    ...(withPython ? [] : ['WORKDIR /data']),
    'VOLUME /data',
    'EXPOSE 8080',
    'STOPSIGNAL SIGTERM',
    ...started(name, program, config),
  ]
  const ignored = [
    '# What the Dockerfile beside it copies, and nothing else.',
    '*',
    `!${binary}*`,
    `!${DATA}`,
  ]
  const copied = withPython
    ? [...python.packages, ...python.agents].map((one) => `!${one}`).concat('**/tests', '**/__pycache__')
    : []
  return [
    { path, text: `${lines.join('\n')}\n` },
    { path: `${path}.dockerignore`, text: `${[...ignored, ...copied].join('\n')}\n` },
  ]
}

interface PythonFolders {
  /** What is installed: the packages; of a project that is a package itself, its sources. */
  readonly packages: readonly string[]
  /** Where the agents lie, as far as that is elsewhere. */
  readonly agents: readonly string[]
}

function pythonFolders({ packages, agents }: Survey): PythonFolders {
  const installed = packages.flatMap(({ path, root, imports }) =>
    path === '.' ? ['pyproject.toml', ...(root === '.' ? imports : [root])] : [path],
  )
  const programs = agents.map(({ run }) => (run.at(-1) ?? '').split('/')[0] ?? '')
  const isElsewhere = (top: string) => top !== '' && !installed.some((one) => one.split('/')[0] === top)
  return { packages: installed, agents: [...new Set(programs)].filter(isElsewhere) }
}

function pythonBase(config: MeshConfig, { packages, agents }: PythonFolders): readonly string[] {
  const installed = config.python.packages.map((path) => (path === '.' ? './' : `./${path}/`))
  return [
    `ARG PYTHON_IMAGE=python:${config.python.version.replace(/\.[xX*]$/, '')}-slim`,
    `FROM \${PYTHON_IMAGE}`,
    '',
    'WORKDIR /app',
    ...packages.map((one) => copy(one, one)),
    `RUN ${pasteable(['python', '-m', 'pip', 'install', '--no-cache-dir', ...installed])}`,
    ...agents.map((one) => copy(one, one)),
    '',
  ]
}

function environment(name: 'registry' | 'cli', withPython: boolean): readonly string[] {
  // Agents in the CLI's image read HOST and PORT too, and must not listen where the registry does.
  const [host, port] =
    name === 'registry' ? ['HOST', 'PORT'] : ['MCP_MESH_REGISTRY_HOST', 'MCP_MESH_REGISTRY_PORT']
  const variables = [
    `${host}=0.0.0.0`,
    `${port}=8080`,
    'MCP_MESH_DB_PATH=/data/registry.db',
    ...(withPython ? ['PYTHONDONTWRITEBYTECODE=1', 'PYTHONUNBUFFERED=1'] : []),
  ]
  return [`ENV ${variables.join(' \\\n    ')}`]
}

/** A whole command for the CLI, so that others can be run in its image; the registry's is for nothing else. */
function started(name: 'registry' | 'cli', program: string, config: MeshConfig): readonly string[] {
  if (name === 'registry') return [`ENTRYPOINT ${JSON.stringify([`/usr/local/bin/${program}`])}`]
  const [placeholder, ...args] = config.deployments.embedded.run
  const given = placeholder === '{cli}' && !args.some((word) => /[{}]/.test(word)) ? args : []
  return [`CMD ${JSON.stringify([`/usr/local/bin/${program}`, ...given])}`]
}

/** The form with brackets is for names with spaces. */
function copy(from: string, to: string): string {
  return /\s/.test(from + to) ? `COPY ${JSON.stringify([from, to])}` : `COPY ${from} ${to}`
}

import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '../../../process/environment.ts'
import { ask } from '../../../toolchain/command.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'

/** What pip is told of its index, and the variable that tells uv the same. */
const SAME: readonly (readonly [pip: string, uv: string, insteadOf: readonly string[]])[] = [
  ['index-url', 'UV_DEFAULT_INDEX', ['UV_DEFAULT_INDEX', 'UV_INDEX_URL']],
  ['extra-index-url', 'UV_INDEX', ['UV_INDEX', 'UV_EXTRA_INDEX_URL']],
  ['find-links', 'UV_FIND_LINKS', ['UV_FIND_LINKS']],
  ['no-index', 'UV_NO_INDEX', ['UV_NO_INDEX']],
  ['trusted-host', 'UV_INSECURE_HOST', ['UV_INSECURE_HOST']],
  ['cert', 'SSL_CERT_FILE', ['SSL_CERT_FILE']],
  ['proxy', 'ALL_PROXY', ['ALL_PROXY', 'HTTPS_PROXY', 'https_proxy', 'all_proxy']],
]

/**
 * The settings of pip's configuration as variables for uv, which reads none of pip's files: a machine behind a package
 * proxy is often configured for pip alone. What uv itself was told stands.
 */
export async function indexSettings(
  python: string,
  directory: string,
  places: ToolPlaces,
): Promise<Environment> {
  if (await hasConfigurationOfItsOwn(directory, places.environment)) return {}
  const answer = await ask([python, '-m', 'pip', 'config', 'list'], places)
  if ('failure' in answer) return {}
  return fromPip(answer.stdout, places.environment)
}

/** Reads what `pip config list` prints: a variable of pip's wins over [install], that over [global]. */
export function fromPip(listed: string, environment: Environment): Environment {
  const settings = new Map<string, string>()
  for (const section of ['global', 'install', ':env:']) {
    for (const line of listed.split(/\r?\n/)) {
      const [, owner, key, value] = /^(.+?)\.([a-z-]+)=['"](.*)['"]$/.exec(line) ?? []
      if (owner === section && key !== undefined && value !== undefined) settings.set(key, value)
    }
  }
  return Object.fromEntries(
    SAME.flatMap(([pip, uv, insteadOf]) => {
      const value = settings.get(pip)
      if (value === undefined || value === '' || insteadOf.some((name) => environment[name])) return []
      // pip separates several with line ends, which its listing shows as \n.
      return [[uv, value.replaceAll('\\n', ' ').trim()]]
    }),
  )
}

async function hasConfigurationOfItsOwn(directory: string, environment: Environment): Promise<boolean> {
  const home = environment.XDG_CONFIG_HOME ?? join(environment.HOME ?? '', '.config')
  const files = [join(directory, 'uv.toml'), join(home, 'uv', 'uv.toml'), '/etc/uv/uv.toml']
  const there = await Promise.all(
    files.map((file) =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  )
  return environment.UV_CONFIG_FILE !== undefined || there.includes(true)
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Check } from '../../result/stage-result.ts'
import { buildPlatform } from './build.ts'
import { type BuildRun, dashed } from './build-run.ts'
import { firstComplaint } from './go.ts'
import type { Command } from './plan.ts'

/** A binary as the question for its version meets it. */
export interface Stamped {
  readonly command: Command
  readonly bytes: Buffer
  /** What its `--version` prints; undefined where it cannot be asked. */
  readonly printed: string | undefined
}

type Finding = Pick<Check, 'verdict' | 'detail'>

/**
 * Whether each binary of a platform carries the version; nothing where none was to be stamped. The linker drops a
 * stamp silently when the program has no such variable. Where the program can be asked, its `--version` decides;
 * else the text must be in the file more often than in one that is linked without the stamp: 1.0 is in most.
 */
export async function stampChecks(
  platform: string,
  stamped: readonly Stamped[],
  run: BuildRun,
): Promise<readonly Check[]> {
  const { version } = run.settings
  if (version === undefined) return []
  const unproven = stamped.filter(({ printed, bytes }) => printed === undefined && bytes.includes(version))
  const without = await withoutStamp(platform, unproven, version, run)
  return stamped.map(({ command, printed }) => {
    const found =
      printed === undefined
        ? (without.get(command) ?? { verdict: 'fail', detail: 'the file does not hold it' })
        : answer(printed, version)
    return {
      id: `stamped/${command.name}/${dashed(platform)}`,
      title: `${command.name} for ${platform} carries version ${version}`,
      ...found,
      ...(found.verdict === 'fail'
        ? { fix: `declare "var version string" in ${command.package}, or set go.ldflags` }
        : {}),
    }
  })
}

function answer(printed: string, version: string): Finding {
  return says(printed, version)
    ? { verdict: 'pass' }
    : { verdict: 'fail', detail: `--version prints "${printed.slice(0, 100)}"` }
}

/** Links commands whose files hold the version once more without it; everything they consist of is in the cache. */
async function withoutStamp(
  platform: string,
  unproven: readonly Stamped[],
  version: string,
  { project, settings, temporary, context }: BuildRun,
): Promise<ReadonlyMap<Command, Finding>> {
  if (unproven.length === 0) return new Map()
  const commands = unproven.map(({ command }) => command)
  const place = {
    module: project.resolve(project.config.go.directory),
    folder: join(temporary, `${dashed(platform)}-unstamped`),
    temporary,
  }
  const builds = await context.log.task(`build ${platform} without the version`, (output) =>
    buildPlatform(platform, commands, place, { ...settings, version: undefined }, output),
  )
  const compared = builds.map(async ({ command, file, outcome }): Promise<[Command, Finding]> => {
    const bytes = await readFile(file).catch(() => undefined)
    if (!bytes) {
      const why = `it could not be built without it: ${firstComplaint(outcome)}`
      return [command, { verdict: 'inconclusive', detail: why }]
    }
    const stamped = unproven.find((one) => one.command === command)
    return occurrences(stamped?.bytes ?? bytes, version) > occurrences(bytes, version)
      ? [command, { verdict: 'pass' }]
      : [
          command,
          {
            verdict: 'inconclusive',
            detail: `a build without it holds "${version}" as often, and no --version of it can be asked`,
          },
        ]
  })
  return new Map(await Promise.all(compared))
}

/** Whether a text holds a version as such: 1.2.30 and 11.2.3 are not 1.2.3, but v1.2.3 and 1.2.3-dirty are. */
function says(text: string, version: string): boolean {
  const literal = version.replace(/[^A-Za-z0-9]/g, '\\$&')
  return new RegExp(`(?<!\\d|\\d\\.)${literal}(?!\\w|\\.\\d)`).test(text)
}

function occurrences(bytes: Buffer, text: string): number {
  let count = 0
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) count++
  return count
}

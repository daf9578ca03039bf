import { copyFile, cp, lstat, mkdir, mkdtemp, readFile, readlink, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { run, succeeded } from '../../process/run.ts'
import type { Check } from '../../result/stage-result.ts'
import { buildPlatform } from './build.ts'
import { sha256 } from './files.ts'
import { firstComplaint } from './go.ts'
import type { Binary } from './manifest.ts'
import type { Workshop } from './platform.ts'

const LIST_TIMEOUT_MS = 60_000

/**
 * Builds again where nothing of the first build can help (another folder, no .git, an empty build cache) and holds
 * each binary against the first: a check for every one that the first build made.
 */
export async function buildAgain(
  shop: Workshop,
  platforms: readonly string[],
  binaries: readonly Binary[],
): Promise<readonly Check[]> {
  const { project, commands, settings } = shop
  const folder = await mkdtemp(join(shop.temporary, 'again-'))
  const module = join(folder, 'source', project.config.go.directory)
  await copyProject(project.directory, join(folder, 'source'), settings.signal)
  const checks: Check[] = []
  for (const platform of platforms) {
    const place = {
      module,
      folder: join(folder, platform.replace('/', '-')),
      env: { GOCACHE: join(folder, 'cache') },
    }
    const { files, outcome } = await buildPlatform(platform, commands, place, settings, () => undefined)
    for (const [command, file] of files) {
      const first = binaries.find((one) => one.command === command.name && one.platform === platform)
      const bytes = await readFile(file).catch(() => undefined)
      if (first) checks.push(comparison(first, bytes ? sha256(bytes) : undefined, firstComplaint(outcome)))
    }
  }
  return checks
}

function comparison(first: Binary, second: string | undefined, complaint: string): Check {
  const differs =
    second === undefined ? `the second build failed: ${complaint}` : `a second build gave ${second}`
  return {
    id: `reproducible/${first.command}/${first.platform.replace('/', '-')}`,
    title: `${first.path} is built alike elsewhere`,
    verdict: second === first.sha256 ? 'pass' : 'fail',
    ...(second === first.sha256 ? {} : { detail: `${differs}, not ${first.sha256}` }),
  }
}

/** Copies what git knows and what it does not ignore; everything where there is no git. */
async function copyProject(from: string, to: string, signal: AbortSignal): Promise<void> {
  const listed = await run(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: from,
    timeoutMs: LIST_TIMEOUT_MS,
    signal,
    stdout: 'capture',
  }).catch(() => undefined)
  if (!listed || !succeeded(listed)) {
    await cp(from, to, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/[/\\]\.git$/.test(path),
    })
    return
  }
  for (const path of new Set(listed.stdout.split('\0').filter((name) => name !== ''))) {
    const source = join(from, path)
    const kind = await lstat(source).catch(() => undefined)
    if (!kind || kind.isDirectory()) continue
    await mkdir(dirname(join(to, path)), { recursive: true })
    if (kind.isSymbolicLink()) await symlink(await readlink(source), join(to, path))
    else await copyFile(source, join(to, path))
  }
}

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SILENT, writeFiles } from './go-module.ts'

/** Builds the smallest program for platforms, as the stage does; the file of each. */
export async function buildPrograms(
  folder: string,
  platforms: readonly string[],
): Promise<ReadonlyMap<string, { readonly file: string; readonly bytes: Buffer }>> {
  await writeFiles(folder, { 'go.mod': 'module example.com/mesh\n\ngo 1.24\n', 'cmd/silent/main.go': SILENT })
  const built = new Map<string, { file: string; bytes: Buffer }>()
  for (const platform of platforms) {
    const [GOOS, GOARCH] = platform.split('/')
    const file = join(folder, platform.replace('/', '-'))
    await promisify(execFile)(
      'go',
      ['build', '-trimpath', '-gcflags=all=-dwarf=false', '-ldflags=-s -w', '-o', file, './cmd/silent'],
      { cwd: folder, env: { ...process.env, GOOS, GOARCH, CGO_ENABLED: '0' } },
    )
    built.set(platform, { file, bytes: await readFile(file) })
  }
  return built
}

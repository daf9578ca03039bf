import { execFile, execFileSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { ConfigurationError } from '../../../src/result/configuration-error.ts'
import { acceptBinaries } from '../../../src/stages/cross-compile-go/accept.ts'
import { sha256 } from '../../../src/stages/cross-compile-go/hash.ts'
import type { Binary, Manifest } from '../../../src/stages/cross-compile-go/manifest.ts'
import { readManifest, writeManifest } from '../../../src/stages/cross-compile-go/manifest-file.ts'
import { place } from '../../../src/stages/cross-compile-go/place.ts'
import { describeWith } from '../../support/needs.ts'
import { COMMIT } from '../../support/stage-context.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

function binary(path: string, text: string): Binary {
  return {
    command: path,
    path,
    platform: 'linux/amd64',
    sizeBytes: text.length,
    sha256: sha256(Buffer.from(text)),
    goVersion: 'go1.26.1',
    package: 'example.com/mesh/cmd/registry',
    modules: [],
  }
}

/** A folder as another job made it: two binaries, without their executable bit, and what proves them. */
async function handedOver(change: Partial<Manifest> = {}) {
  const outer = await temporaryFolder()
  const folder = join(outer.path, 'bin')
  await mkdir(folder)
  const contents = { registry: 'the registry', 'my cli': 'the command line' }
  for (const [name, text] of Object.entries(contents)) {
    await writeFile(join(folder, name), text, { mode: 0o644 })
  }
  const binaries = Object.entries(contents).map(([name, text]) => binary(name, text))
  const manifest: Manifest = { schema: 1, commit: COMMIT, binaries, ...change }
  await writeManifest(folder, manifest)
  return { folder, manifest, [Symbol.asyncDispose]: () => outer[Symbol.asyncDispose]() }
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((reason: unknown) => reason)
  if (!(error instanceof ConfigurationError)) throw new Error('was not refused', { cause: error })
  expect(error.oneLine).not.toContain('\n')
  return error.oneLine
}

describe('binaries from another job', () => {
  test('are accepted as they were built, and are executable again', async () => {
    await using made = await handedOver()
    expect(await acceptBinaries(made.folder, COMMIT)).toEqual(made.manifest)
    for (const { path } of made.manifest.binaries) {
      expect((await stat(join(made.folder, path))).mode & 0o777).toBe(0o755)
    }
  })

  test('of another commit are refused', async () => {
    await using made = await handedOver()
    expect(await refusal(acceptBinaries(made.folder, 'f'.repeat(40)))).toMatch(
      new RegExp(`of commit ${COMMIT}, not of f{40}`),
    )
  })

  test('of which one was changed are refused by its name, and it is not made executable', async () => {
    await using made = await handedOver()
    await writeFile(join(made.folder, 'my cli'), 'another command')
    expect(await refusal(acceptBinaries(made.folder, COMMIT))).toMatch(
      /my cli is not the file that was built: SHA-256 [0-9a-f]{64}, not [0-9a-f]{64}/,
    )
    expect((await stat(join(made.folder, 'my cli'))).mode & 0o111).toBe(0)
  })

  test('of which one is missing are refused by its name', async () => {
    await using made = await handedOver({ binaries: [binary('gone', 'x')] })
    expect(await refusal(acceptBinaries(made.folder, COMMIT))).toMatch(
      /gone is in binaries\.json, but .* ENOENT/,
    )
  })

  test.each(['../registry', '/etc/passwd', 'sub/registry', './registry'])(
    'may not lie elsewhere, as %p does',
    async (path) => {
      await using made = await handedOver({ binaries: [binary(path, 'the registry')] })
      for (const there of ['sub', '..']) {
        await mkdir(join(made.folder, there), { recursive: true })
        await writeFile(join(made.folder, there, 'registry'), 'the registry')
      }
      expect(await refusal(acceptBinaries(made.folder, COMMIT))).toBe(
        `binaries.json names a file elsewhere: ${path}`,
      )
    },
  )

  test.each(['..', '.', ''])('may not be folders, as %p is', async (path) => {
    await using made = await handedOver({ binaries: [binary(path, 'the registry')] })
    expect(await refusal(acceptBinaries(made.folder, COMMIT))).toContain('names what is no file')
  })

  test('may not be links, whose target would be made executable in their stead', async () => {
    await using made = await handedOver()
    const elsewhere = join(made.folder, '..', 'elsewhere')
    await rename(join(made.folder, 'registry'), elsewhere)
    await symlink(elsewhere, join(made.folder, 'registry'))
    expect(await refusal(acceptBinaries(made.folder, COMMIT))).toBe(
      'binaries.json names what is no file: registry',
    )
    expect((await stat(elsewhere)).mode & 0o111).toBe(0)
  })
})

describeWith(['sha256sum'])('what stands beside the binaries', () => {
  test('SHA256SUMS is accepted by sha256sum, and not once a file has changed', async () => {
    await using made = await handedOver()
    const check = () =>
      promisify(execFile)('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: made.folder })
    expect((await check()).stdout).toBe('registry: OK\nmy cli: OK\n')
    await writeFile(join(made.folder, 'registry'), 'another registry')
    await expect(check()).rejects.toMatchObject({ code: 1, stdout: 'registry: FAILED\nmy cli: OK\n' })
  })

  test('is written whole: nothing else is left in the folder, and an older one is replaced', async () => {
    await using made = await handedOver()
    await writeManifest(made.folder, { ...made.manifest, binaries: [] })
    expect((await readdir(made.folder)).sort()).toEqual(
      ['SHA256SUMS', 'binaries.json', 'my cli', 'registry', 'sbom.cdx.json'].sort(),
    )
    expect(await readManifest(join(made.folder, 'binaries.json'))).toMatchObject({ binaries: [] })
    expect(await readFile(join(made.folder, 'SHA256SUMS'), 'utf8')).toBe('')
  })

  test.each([
    ['no JSON', 'binaries', /is not a binaries\.json: /],
    ['of another schema', JSON.stringify({ schema: 2, commit: COMMIT, binaries: [] }), /schema/],
    [
      'with a hash that is none',
      JSON.stringify({
        schema: 1,
        commit: COMMIT,
        binaries: [{ ...binary('registry', 'x'), sha256: 'abc' }],
      }),
      /binaries\[0\]\.sha256/,
    ],
  ])('a manifest that is %s is refused in one line', async (_, text, why) => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'old.json'), text)
    expect(await refusal(readManifest(join(folder.path, 'old.json')))).toMatch(why)
  })

  test('a manifest that cannot be read is refused with the reason', async () => {
    await using folder = await temporaryFolder()
    expect(await refusal(readManifest(join(folder.path, 'old.json')))).toMatch(/cannot read .*: ENOENT/)
    expect(await refusal(readManifest(folder.path))).toMatch(/cannot read .*: EISDIR/)
  })
})

describe('putting a file in its place', () => {
  test('makes the folders on the way, replaces what is there and keeps the mode', async () => {
    await using folder = await temporaryFolder()
    const target = join(folder.path, 'out', 'bin', 'registry')
    for (const text of ['old', 'new']) {
      await writeFile(join(folder.path, 'built'), text)
      await chmod(join(folder.path, 'built'), 0o755)
      await place(join(folder.path, 'built'), target)
    }
    expect(await readFile(target, 'utf8')).toBe('new')
    expect((await stat(target)).mode & 0o777).toBe(0o755)
    expect(await readdir(folder.path)).toEqual(['out'])
  })

  test('replaces a program that is running, which goes on with the old one', async () => {
    await using folder = await temporaryFolder()
    const target = join(folder.path, 'registry')
    await writeFile(target, await readFile(execFileSync('which', ['cat'], { encoding: 'utf8' }).trim()))
    await chmod(target, 0o755)
    const running = promisify(execFile)(target, [])
    await writeFile(join(folder.path, 'built'), 'new')
    await place(join(folder.path, 'built'), target)
    running.child.stdin?.end('still here')
    expect((await running).stdout).toBe('still here')
    expect(await readFile(target, 'utf8')).toBe('new')
  })
})

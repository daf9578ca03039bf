import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { folderArtifacts } from '../../../src/platform/artifacts/folder.ts'
import { ConfigurationError } from '../../../src/result/configuration-error.ts'
import { folderWith } from '../../support/project.ts'

/** A project with two files, and a base for artifacts beside it. */
async function place() {
  const folder = await folderWith({ 'project/bin/registry': 'v1', 'project/SHA256SUMS': 'sums' })
  const path = (...parts: string[]) => join(folder.path, ...parts)
  return {
    path,
    root: path('project'),
    files: [path('project/bin/registry'), path('project/SHA256SUMS')],
    base: path('artifacts'),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  }
}

describe('artifacts in a folder', () => {
  test('another job of the run gets the same files under the same paths', async () => {
    await using at = await place()
    await folderArtifacts(at.base, 'run').upload('binaries', at.files, at.root)
    const other = folderArtifacts(at.base, 'run')
    expect(await other.list()).toEqual(['binaries'])
    await other.download('binaries', at.path('job', 'download'))
    expect(readFileSync(at.path('job/download/bin/registry'), 'utf8')).toBe('v1')
    expect(readFileSync(at.path('job/download/SHA256SUMS'), 'utf8')).toBe('sums')
  })

  test('a second upload of a name is refused, as on GitHub, and the first stands', async () => {
    await using at = await place()
    const artifacts = folderArtifacts(at.base, 'run')
    await expect(artifacts.upload('binaries', at.files, at.root)).resolves.toBe(true)
    writeFileSync(at.path('project/bin/registry'), 'v2')
    await expect(artifacts.upload('binaries', at.files, at.root)).rejects.toThrow(
      new ConfigurationError('this run has an artifact binaries already'),
    )
    await artifacts.download('binaries', at.path('download'))
    expect(readFileSync(at.path('download/bin/registry'), 'utf8')).toBe('v1')
    expect(await artifacts.list()).toEqual(['binaries'])
  })

  test('what was downloaded may be changed without changing the artifact', async () => {
    await using at = await place()
    const artifacts = folderArtifacts(at.base, 'run')
    await artifacts.upload('binaries', at.files, at.root)
    await artifacts.download('binaries', at.path('first'))
    writeFileSync(at.path('first/bin/registry'), 'changed')
    await artifacts.download('binaries', at.path('second'))
    expect(readFileSync(at.path('second/bin/registry'), 'utf8')).toBe('v1')
  })

  test('two runs do not see what the other has', async () => {
    await using at = await place()
    await folderArtifacts(at.base, 'one').upload('binaries', at.files, at.root)
    const other = folderArtifacts(at.base, 'other')
    expect(await other.list()).toEqual([])
    await expect(other.download('binaries', at.path('download'))).rejects.toThrow(ConfigurationError)
    await other.upload('report', at.files, at.root)
    expect(await folderArtifacts(at.base, 'one').list()).toEqual(['binaries'])
  })

  test('one that is not there is named, before and after there are others', async () => {
    await using at = await place()
    const artifacts = folderArtifacts(at.base, 'run')
    const missing = new ConfigurationError('this run has no artifact binaries')
    await expect(artifacts.download('binaries', at.path('download'))).rejects.toThrow(missing)
    await artifacts.upload('report', at.files, at.root)
    await expect(artifacts.download('binaries', at.path('download'))).rejects.toThrow(missing)
    expect(existsSync(at.path('download'))).toBe(false)
  })

  test('an upload clears away runs of more than a day ago, and no others', async () => {
    await using at = await place()
    for (const run of ['old', 'recent']) await folderArtifacts(at.base, run).upload('x', at.files, at.root)
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000)
    utimesSync(join(at.base, 'old'), hoursAgo(25), hoursAgo(25))
    utimesSync(join(at.base, 'recent'), hoursAgo(23), hoursAgo(23))
    await folderArtifacts(at.base, 'new').upload('x', at.files, at.root)
    expect(readdirSync(at.base).sort()).toEqual(['new', 'recent'])
  })

  test('its own run is kept however long it takes', async () => {
    await using at = await place()
    const artifacts = folderArtifacts(at.base, 'run')
    await artifacts.upload('a', at.files, at.root)
    utimesSync(join(at.base, 'run'), 0, 0)
    await artifacts.upload('b', at.files, at.root)
    expect([...(await artifacts.list())].sort()).toEqual(['a', 'b'])
  })

  test('an upload that fails half way leaves the earlier artifact and nothing else', async () => {
    await using at = await place()
    const artifacts = folderArtifacts(at.base, 'run')
    await artifacts.upload('binaries', at.files, at.root)
    const missing = at.path('project/bin/missing')
    await expect(artifacts.upload('binaries', [...at.files, missing], at.root)).rejects.toThrow('ENOENT')
    expect(readdirSync(join(at.base, 'run'))).toEqual(['binaries'])
    await artifacts.download('binaries', at.path('download'))
    expect(readFileSync(at.path('download/SHA256SUMS'), 'utf8')).toBe('sums')
  })

  test('two jobs that upload at once both arrive', async () => {
    await using at = await place()
    const names = ['a', 'b', 'c', 'd']
    await Promise.all(names.map((name) => folderArtifacts(at.base, 'run').upload(name, at.files, at.root)))
    expect([...(await folderArtifacts(at.base, 'run').list())].sort()).toEqual(names)
  })
})

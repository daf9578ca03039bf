import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { cacheService, isDefaultBranch } from '../../src/platform/cache-service.ts'
import type { CacheStore } from '../../src/stages/context.ts'
import { CacheService } from '../support/cache-service.ts'
import { writeFiles } from '../support/go-module.ts'
import { folderWith } from '../support/project.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const NEVER = new AbortController().signal

/** A service, its client, a folder to keep and one for temporary files. */
async function place(generation: 1 | 2) {
  const service = await CacheService.start()
  const folder = await temporaryFolder()
  const temporary = join(folder.path, 'temporary')
  const kept = join(folder.path, 'kept')
  await writeFiles(folder.path, {
    'temporary/.keep': '',
    'kept/a/one': 'one',
    'kept/two': 'x'.repeat(100_000),
  })
  return {
    service,
    temporary,
    kept,
    store: storeOf(service.environment(temporary, generation)),
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

function storeOf(environment: Record<string, string>): CacheStore {
  const store = cacheService(environment)
  if (!store) throw new Error('there should be a service')
  return store
}

describe.each([1, 2] as const)('the cache service of generation %d', (generation) => {
  test('a folder that was saved comes back whole, by its key and by the beginning of it', async () => {
    await using at = await place(generation)
    expect(await at.store.restore(at.kept, 'key-1', [], NEVER)).toBeUndefined()
    await at.store.save(at.kept, 'key-1', NEVER)
    for (const key of ['key-1', 'key-2']) {
      await rm(at.kept, { recursive: true })
      expect(await at.store.restore(at.kept, key, ['key-'], NEVER)).toBe('key-1')
      expect(await readFile(join(at.kept, 'a', 'one'), 'utf8')).toBe('one')
      expect((await readFile(join(at.kept, 'two'), 'utf8')).length).toBe(100_000)
    }
    expect(await at.store.restore(at.kept, 'other', [], NEVER)).toBeUndefined()
    expect(await readdir(at.temporary)).toEqual(['.keep'])
  })

  test('a key that is taken is not saved a second time, and the reason is said', async () => {
    await using at = await place(generation)
    await at.store.save(at.kept, 'key', NEVER)
    await expect(at.store.save(at.kept, 'key', NEVER)).rejects.toThrow(
      /another job may be creating this cache/,
    )
  })

  test('what cannot be unpacked is refused with the words of what refused it', async () => {
    await using at = await place(generation)
    await at.store.save(at.kept, 'key', NEVER)
    at.service.damage('key')
    await rm(at.kept, { recursive: true })
    await expect(at.store.restore(at.kept, 'key', [], NEVER)).rejects.toThrow(/tar.* failed with/)
    expect(await readdir(at.temporary)).toEqual(['.keep'])
  })

  test('a token that may only read is refused the save, and the reason is said', async () => {
    await using at = await place(generation)
    at.service.fault = 'read-only'
    await expect(at.store.save(at.kept, 'key', NEVER)).rejects.toThrow(/cache write denied/)
    expect(at.service.keys).toEqual([])
  })

  test('a service that is not there is told as what it is, not as an empty cache', async () => {
    await using at = await place(generation)
    await at.service[Symbol.asyncDispose]()
    const refused = /ECONNREFUSED/
    // Of a save the second generation's client only says what it takes for likely.
    const unsaved = generation === 1 ? refused : /Unable to reserve cache/
    await Promise.all([
      expect(at.store.restore(at.kept, 'key', [], NEVER)).rejects.toThrow(refused),
      expect(at.store.save(at.kept, 'key', NEVER)).rejects.toThrow(unsaved),
    ])
  })

  test('a client whose service hangs is ended by the signal and leaves nothing behind', async () => {
    await using at = await place(generation)
    at.service.fault = 'hangs'
    const abort = new AbortController()
    at.service.onHang = () => abort.abort(new Error('enough'))
    await expect(at.store.restore(at.kept, 'key', [], abort.signal)).rejects.toThrow('enough')
    expect(await readdir(at.temporary)).toEqual(['.keep'])
  })
})

test('where the runner names no service there is none', () => {
  expect(cacheService({})).toBeUndefined()
})

test.each([
  ['push', 'refs/heads/trunk', true],
  ['schedule', 'refs/heads/trunk', true],
  ['push', 'refs/heads/main', false],
  ['push', 'refs/tags/trunk', false],
  ['pull_request', 'refs/heads/trunk', false],
  ['pull_request_target', 'refs/heads/trunk', false],
  ['merge_group', 'refs/heads/trunk', false],
])('a %s on %s in a repository whose branch is trunk saves: %p', async (event, ref, saves) => {
  await using folder = await folderWith({ 'event.json': '{"repository":{"default_branch":"trunk"}}' })
  const GITHUB_EVENT_PATH = join(folder.path, 'event.json')
  expect(isDefaultBranch({ GITHUB_EVENT_NAME: event, GITHUB_REF: ref, GITHUB_EVENT_PATH })).toBe(saves)
})

test('where the event does not name the default branch, main and master are taken for it', () => {
  const saves = (GITHUB_REF: string) => isDefaultBranch({ GITHUB_EVENT_NAME: 'push', GITHUB_REF })
  expect(['main', 'master', 'topic'].map((name) => saves(`refs/heads/${name}`))).toEqual([true, true, false])
})

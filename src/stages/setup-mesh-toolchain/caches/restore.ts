import { chmod, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { allEnded } from '../../../process/all-ended.ts'
import type { Log } from '../../../process/log.ts'
import { formatBytes, formatDuration } from '../../../result/units.ts'
import { makingTime } from '../../../toolchain/making-time.ts'
import type { CacheStore } from '../../context.ts'
import { ageEntries } from './build-cache.ts'
import { filling, isHalfFilled } from './filling.ts'
import { sizeOf } from './size.ts'
import type { Slice } from './slices.ts'

/** What became of one slice. */
export interface Restored {
  readonly name: string
  /** `present`: the folder was there already, as on a machine that is kept; nothing is restored then or saved. */
  readonly hit: 'exact' | 'prefix' | 'none' | 'present' | 'failed'
  readonly durationMs: number
  /** Size on disk of what came back. */
  readonly bytes?: number
  /** How long making what came back took once, where that was measured. */
  readonly makingMs?: number
  /** Why it failed. */
  readonly cause?: string
}

/**
 * Brings all slices back side by side. A service that is down, slow or sends what cannot be unpacked costs at most
 * `limitMs` and fails nothing; of a slice that did not come back whole nothing stays. Throws the signal's reason.
 */
export async function restoreSlices(
  slices: readonly Slice[],
  store: CacheStore,
  options: {
    readonly log: Log
    readonly limitMs: number
    readonly now: () => Date
    readonly signal: AbortSignal
  },
): Promise<readonly Restored[]> {
  return allEnded(
    slices.map(async (slice) => {
      const restored = await restoreOne(slice, store, options)
      options.log.info(inWords(restored))
      const remark = notWorthIt(restored)
      if (remark !== undefined) options.log.warn(`cache ${slice.name}: ${remark}`)
      return restored
    }),
  )
}

interface RestoreOptions {
  readonly limitMs: number
  readonly now: () => Date
  readonly signal: AbortSignal
}

async function restoreOne(slice: Slice, store: CacheStore, options: RestoreOptions): Promise<Restored> {
  const startedAt = performance.now()
  const took = () => performance.now() - startedAt
  try {
    if (await isHalfFilled(slice.folder)) await emptied(slice.folder)
    if (await isFilled(slice.folder)) return { name: slice.name, hit: 'present', durationMs: took() }
    const found = await unpacked(slice, store, options)
    if (found === undefined) return { name: slice.name, hit: 'none', durationMs: took() }
    const hit = found === slice.key ? 'exact' : 'prefix'
    const bytes =
      slice.trim === 'entries'
        ? (await ageEntries(slice.folder, options.now())).bytes
        : await sizeOf(slice.folder)
    const makingMs = await makingTime(slice.folder)
    return {
      name: slice.name,
      hit,
      durationMs: took(),
      bytes,
      ...(makingMs === undefined ? {} : { makingMs }),
    }
  } catch (error) {
    options.signal.throwIfAborted()
    return { name: slice.name, hit: 'failed', durationMs: took(), cause: firstLine(error) }
  }
}

/** Lets the store fill a folder that is empty; when it cannot, the folder is empty again. The key that was found. */
async function unpacked(
  { folder, key, restoreKeys }: Slice,
  store: CacheStore,
  { limitMs, signal }: RestoreOptions,
): Promise<string | undefined> {
  await using _note = await filling(folder)
  try {
    return await limited(limitMs, signal, (limit) => store.restore(folder, key, restoreKeys, limit))
  } catch (error) {
    await emptied(folder)
    throw error
  }
}

/** Whether there is anything in a folder; it need not exist. */
export async function isFilled(folder: string): Promise<boolean> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return entries.length > 0
}

/** Removes a folder with all that is in it, also the read-only folders of which Go's module cache is made. */
async function emptied(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    await chmod(folder, 0o755)
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755)
    }
    await rm(folder, { recursive: true, force: true })
  }
}

/** Gives work a limit of time, at whose end its signal is aborted. Throws the outer signal's reason, or in words why. */
export async function limited<T>(
  limitMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(limitMs)
  try {
    return await work(AbortSignal.any([signal, limit]))
  } catch (error) {
    signal.throwIfAborted()
    if (limit.aborted) throw new Error(`no answer within ${formatDuration(limitMs)}`)
    throw error
  }
}

export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}

/** Said of a slice that took longer to come back than all that it holds took to make: it can only have cost time. */
export function notWorthIt({ durationMs, makingMs }: Restored): string | undefined {
  if (makingMs === undefined || durationMs <= makingMs) return undefined
  return `restoring took ${formatDuration(durationMs)}, making it took ${formatDuration(makingMs)}: set cache: off`
}

function inWords({ name, hit, durationMs, bytes, cause }: Restored): string {
  const size = bytes === undefined ? '' : `, ${formatBytes(bytes)}`
  switch (hit) {
    case 'exact':
      return `cache ${name}: restored in ${formatDuration(durationMs)}${size}`
    case 'prefix':
      return `cache ${name}: restored from an older run in ${formatDuration(durationMs)}${size}`
    case 'none':
      return `cache ${name}: there is none yet`
    case 'present':
      return `cache ${name}: is on this machine already`
    case 'failed':
      return `cache ${name}: not restored, ${cause} (${formatDuration(durationMs)})`
    default:
      return hit satisfies never
  }
}

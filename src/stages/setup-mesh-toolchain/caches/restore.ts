import { readdir } from 'node:fs/promises'
import type { Log } from '../../../process/log.ts'
import { formatBytes, formatDuration } from '../../../result/units.ts'
import type { CacheStore } from '../../context.ts'
import { ageEntries } from './build-cache.ts'
import { GO_MODULES, type Slice } from './slices.ts'

/** What became of one slice. */
export interface Restored {
  readonly name: string
  /** `present`: the folder was there already, as on a machine that is kept; nothing is restored then or saved. */
  readonly hit: 'exact' | 'prefix' | 'none' | 'present' | 'failed'
  readonly durationMs: number
  /** Size on disk of what came back, where that was counted. */
  readonly bytes?: number
  /** Why it failed. */
  readonly cause?: string
}

/** Brings all slices back side by side. A service that is down or slow costs at most `limitMs` and fails nothing. */
export async function restoreSlices(
  slices: readonly Slice[],
  store: CacheStore,
  options: {
    readonly log: Log
    readonly limitMs: number
    readonly now: () => Date
    /** Slices that are known to be on the machine already. */
    readonly present: readonly string[]
  },
): Promise<readonly Restored[]> {
  return Promise.all(
    slices.map(async (slice) => {
      const restored = await restoreOne(slice, store, options)
      options.log.info(inWords(restored))
      return restored
    }),
  )
}

async function restoreOne(
  slice: Slice,
  store: CacheStore,
  {
    limitMs,
    now,
    present,
  }: { readonly limitMs: number; readonly now: () => Date; readonly present: readonly string[] },
): Promise<Restored> {
  const startedAt = performance.now()
  const took = () => performance.now() - startedAt
  try {
    if (present.includes(slice.name) || (slice.name !== GO_MODULES && (await isFilled(slice.folder))))
      return { name: slice.name, hit: 'present', durationMs: took() }
    const found = await within(limitMs, store.restore(slice.folder, slice.key, slice.restoreKeys))
    if (found === undefined) return { name: slice.name, hit: 'none', durationMs: took() }
    const hit = found === slice.key ? 'exact' : 'prefix'
    const { bytes } = slice.trim === 'entries' ? await ageEntries(slice.folder, now()) : { bytes: undefined }
    return { name: slice.name, hit, durationMs: took(), ...(bytes === undefined ? {} : { bytes }) }
  } catch (error) {
    return { name: slice.name, hit: 'failed', durationMs: took(), cause: firstLine(error) }
  }
}

export async function isFilled(folder: string): Promise<boolean> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return entries.length > 0
}

/** Rejects when a promise takes longer; what it stands for goes on, since the cache client cannot be stopped. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${formatDuration(limitMs)}`)), limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
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

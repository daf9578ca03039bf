import { allEnded } from '../../../process/all-ended.ts'
import type { Log } from '../../../process/log.ts'
import { formatBytes, formatDuration } from '../../../result/units.ts'
import type { CacheStore } from '../../context.ts'
import { dropUnused } from './build-cache.ts'
import { firstLine, isFilled, limited } from './restore.ts'
import { sizeOf } from './size.ts'
import type { Slice } from './slices.ts'

/** A slice that this job may save, as it goes from the step to its post step. */
export interface Saveable {
  readonly slice: Slice
  /** ISO 8601; what is older was not used by this job. */
  readonly since: string
}

/**
 * Saves what this job used, side by side; whatever goes wrong is a warning. A build cache of a platform that
 * nothing was built for in this job is left to the job that builds it.
 */
export async function saveSlices(
  saveable: readonly Saveable[],
  store: CacheStore,
  { log, limitMs, signal }: { readonly log: Log; readonly limitMs: number; readonly signal: AbortSignal },
): Promise<void> {
  await allEnded(
    saveable.map(async ({ slice, since }) => {
      const startedAt = performance.now()
      try {
        // Modules of a project that needs none, uv's cache where pip did the work.
        if (!(await isFilled(slice.folder))) return log.info(`cache ${slice.name}: there is nothing to save`)
        const size = await trim(slice, new Date(since))
        if (size === 'unused')
          return log.info(`cache ${slice.name}: nothing was built with it here, so it is not saved`)
        await limited(limitMs, signal, (limit) => store.save(slice.folder, slice.key, limit))
        log.info(`cache ${slice.name}: saved in ${formatDuration(performance.now() - startedAt)}${size}`)
      } catch (error) {
        log.warn(`cache ${slice.name} was not saved: ${firstLine(error)}`)
      }
    }),
  )
}

async function trim(slice: Slice, since: Date): Promise<string> {
  switch (slice.trim) {
    case 'exact':
      return `, ${formatBytes(await sizeOf(slice.folder))}`
    case 'entries': {
      const { kept, keptBytes, dropped, droppedBytes } = await dropUnused(slice.folder, since)
      if (kept === 0) return 'unused'
      return `, ${formatBytes(keptBytes)}${dropped > 0 ? ` without ${formatBytes(droppedBytes)} that nothing used` : ''}`
    }
    default:
      return slice.trim satisfies never
  }
}

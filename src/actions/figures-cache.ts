import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ActionContext } from '../platform/declare.ts'
import { figuresJson, readFigures } from '../report/figures.ts'
import type { Figure } from '../report/model.ts'

/** A comparison is not worth more than this. */
const LIMIT_MS = 30_000
const FILE = 'figures.json'

type Context = Pick<ActionContext<Record<never, never>>, 'artifactName' | 'place' | 'stage'>

/** The figures of the last run of the default branch; none where there is no cache, or where it does not answer. */
export async function lastFigures(context: Context): Promise<ReadonlyMap<string, number>> {
  const { place, stage } = context
  if (!place.caches) return new Map()
  const { folder, key, prefix } = placeOf(context)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  try {
    await place.caches.restore(folder, key, [prefix], limited(stage.signal))
    return readFigures(await readFile(join(folder, FILE), 'utf8').catch(() => undefined))
  } catch (error) {
    stage.signal.throwIfAborted()
    stage.log.warn(`no figures of an earlier run: ${(error as Error).message}`)
    return new Map()
  }
}

/** Keeps the figures for the runs to come, on the default branch alone. */
export async function keepFigures(context: Context, figures: readonly Figure[]): Promise<void> {
  const { place, stage } = context
  if (!place.caches || !place.savesCaches || figures.length === 0) return
  const { folder, key } = placeOf(context)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, FILE), figuresJson(figures))
    await place.caches.save(folder, key, limited(stage.signal))
  } catch (error) {
    stage.signal.throwIfAborted()
    stage.log.warn(`the figures are not kept: ${(error as Error).message}`)
  }
}

function placeOf({ artifactName, place, stage }: Context) {
  const prefix = `${artifactName('report')}-figures-`
  return {
    folder: join(place.userCache, 'figures', artifactName('report')),
    key: `${prefix}${stage.commit}-${stage.attempt}`,
    prefix,
  }
}

function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)])
}

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ActionContext } from '../platform/declare.ts'
import { figuresJson, readFigures } from '../report/figures.ts'
import type { PipelineReport } from '../report/model.ts'

/** A comparison is not worth more than this. */
const LIMIT_MS = 30_000
const FILE = 'figures.json'

type Context = Pick<ActionContext<Record<never, never>>, 'artifactName' | 'place' | 'stage'>

/**
 * The figures of the last run of the default branch on a commit other than this one; none where there is no cache, or
 * where it does not answer.
 */
export async function lastFigures(context: Context, commit: string): Promise<ReadonlyMap<string, number>> {
  const { place, stage } = context
  if (!place.caches) return new Map()
  const { folder, key, prefix } = placeOf(context, commit)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  try {
    await place.caches.restore(folder, key, [prefix], limited(stage.signal))
    return readFigures(await readFile(join(folder, FILE), 'utf8').catch(() => undefined), commit)
  } catch (error) {
    stage.signal.throwIfAborted()
    stage.log.warn(`no figures of an earlier run: ${(error as Error).message}`)
    return new Map()
  }
}

/** Keeps the figures for the runs to come, on the default branch alone. */
export async function keepFigures(
  context: Context,
  { commit, figures }: Pick<PipelineReport, 'commit' | 'figures'>,
): Promise<void> {
  const { place, stage } = context
  if (!place.caches || !place.savesCaches || figures.length === 0) return
  const { folder, key } = placeOf(context, commit)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, FILE), figuresJson(commit, figures))
    await place.caches.save(folder, key, limited(stage.signal))
  } catch (error) {
    stage.signal.throwIfAborted()
    stage.log.warn(`the figures are not kept: ${(error as Error).message}`)
  }
}

function placeOf({ artifactName, place, stage }: Context, commit: string) {
  const prefix = `${artifactName('report')}-figures-`
  return {
    folder: join(place.userCache, 'figures', artifactName('report')),
    key: `${prefix}${commit}-${stage.attempt}`,
    prefix,
  }
}

function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)])
}

import { z } from 'zod'
import type { StageResult } from '../result/stage-result.ts'
import type { Figure } from './model.ts'

/** The few fields of what stages measured that are compared from run to run. */
const binariesSchema = z.object({
  binaries: z.array(z.object({ path: z.string(), sizeBytes: z.number() })),
})
const imagesSchema = z.object({
  images: z.array(
    z.object({ name: z.string(), uncompressedBytes: z.number(), idleMemoryBytes: z.number().optional() }),
  ),
})
const readySchema = z.object({ readyMs: z.record(z.string(), z.number()) })

type Found = Omit<Figure, 'before'>

/** The sizes and speeds in results, each with what it was on the default branch before. */
export function figuresOf(
  results: readonly StageResult[],
  before: ReadonlyMap<string, number>,
): readonly Figure[] {
  return results.flatMap(figuresIn).map((figure) => ({ ...figure, before: before.get(figure.id) }))
}

function figuresIn({ stage, data }: StageResult): readonly Found[] {
  switch (stage) {
    case 'cross-compile-go':
      return (binariesSchema.safeParse(data).data?.binaries ?? []).map(({ path, sizeBytes }) => ({
        id: `binary-size/${path}`,
        title: path,
        measured: { value: sizeBytes, unit: 'bytes' },
      }))
    case 'docker-smoke':
      return (imagesSchema.safeParse(data).data?.images ?? []).flatMap(
        ({ name, uncompressedBytes, idleMemoryBytes }) => [
          {
            id: `image-size/${name}`,
            title: `image ${name}`,
            measured: { value: uncompressedBytes, unit: 'bytes' },
          },
          ...(idleMemoryBytes === undefined
            ? []
            : [
                {
                  id: `idle-memory/${name}`,
                  title: `memory of ${name}, idle`,
                  measured: { value: idleMemoryBytes, unit: 'bytes' },
                } as const,
              ]),
        ],
      )
    case 'go-python-integration':
      return Object.entries(readySchema.safeParse(data).data?.readyMs ?? {}).map(([name, value]) => ({
        id: `ready/${name}`,
        title: `${name} registry ready`,
        measured: { value, unit: 'ms' },
      }))
    default:
      return []
  }
}

const valuesSchema = z.record(z.string(), z.number())
const keptSchema = z.object({ commit: z.string(), figures: valuesSchema, before: valuesSchema })

/**
 * Figures as they are kept for the runs to come, by their ids: those of this commit, and for another run of the same
 * one those that they were compared with.
 */
export function figuresJson(commit: string, figures: readonly Figure[]): string {
  const kept: z.infer<typeof keptSchema> = {
    commit,
    figures: Object.fromEntries(figures.map(({ id, measured }) => [id, measured.value])),
    before: Object.fromEntries(
      figures.flatMap(({ id, before }) => (before === undefined ? [] : [[id, before]])),
    ),
  }
  return JSON.stringify(kept)
}

/**
 * Figures of the last commit before this one, from what an earlier run kept; none where there is no such text, or
 * where it is something else. A commit is not compared with itself: its change would be gone once it is run again.
 */
export function readFigures(text: string | undefined, commit: string): ReadonlyMap<string, number> {
  if (text === undefined) return new Map()
  try {
    const kept = keptSchema.parse(JSON.parse(text))
    return new Map(Object.entries(kept.commit === commit ? kept.before : kept.figures))
  } catch {
    return new Map()
  }
}

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

/** The sizes and speeds in results, each with what it was in the last run of the default branch. */
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

const keptSchema = z.record(z.string(), z.number())

/** Figures as they are kept for the next run: their values by id. */
export function figuresJson(figures: readonly Figure[]): string {
  return JSON.stringify(Object.fromEntries(figures.map(({ id, measured }) => [id, measured.value])))
}

/** Figures that an earlier run kept; none where there is no such text, or where it is something else. */
export function readFigures(text: string | undefined): ReadonlyMap<string, number> {
  if (text === undefined) return new Map()
  try {
    return new Map(Object.entries(keptSchema.parse(JSON.parse(text))))
  } catch {
    return new Map()
  }
}

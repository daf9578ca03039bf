import { restoreCache, saveCache } from '@actions/cache'

/** What the client is to do, as it goes to its process. */
export type CacheRequest =
  | {
      readonly kind: 'restore'
      readonly folder: string
      readonly key: string
      readonly restoreKeys: readonly string[]
    }
  | { readonly kind: 'save'; readonly folder: string; readonly key: string }

/** What came of it, as the last line that the process prints. */
export interface CacheAnswer {
  /** The key of what was restored or saved; absent where nothing was. */
  readonly key?: string | undefined
}

/** A request of a restore that hangs is given up after this long. */
const SEGMENT_LIMIT_MS = 30_000

/** Carries out a request and prints the answer. The client writes beside it why something did not work. */
export async function carryOut(request: CacheRequest): Promise<void> {
  const answer: CacheAnswer = { key: await keyOf(request) }
  // Connections that are kept for later would hold the process.
  process.stdout.write(`\n${JSON.stringify(answer)}\n`, () => process.exit())
}

async function keyOf(request: CacheRequest): Promise<string | undefined> {
  switch (request.kind) {
    case 'restore':
      return restoreCache([request.folder], request.key, [...request.restoreKeys], {
        segmentTimeoutInMs: SEGMENT_LIMIT_MS,
      })
    case 'save':
      return (await saveCache([request.folder], request.key)) === -1 ? undefined : request.key
    default:
      return request satisfies never
  }
}

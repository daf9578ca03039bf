import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigurationError } from '../result/configuration-error.ts'
import { type StageResult, stageResultSchema } from '../result/stage-result.ts'
import { STAGES, type Stage } from '../result/stages.ts'
import { overall } from '../result/verdict.ts'

/** A file in a folder of results: the result in it, or why that cannot be believed. */
export type ResultFile = {
  readonly name: string
  /** Of whose name it bears; undefined when it is none of a stage. */
  readonly stage: Stage | undefined
} & (
  | { readonly result: StageResult; readonly fault: undefined }
  | { readonly result: undefined; readonly fault: string }
)

/**
 * Reads the results that actions left in a folder of results and logs; none where there is no such folder. A file that
 * is no StageResult, or whose verdict is not what its checks come to, was damaged, or written by somebody else: it has a
 * fault. Throws a ConfigurationError where the folder cannot be read.
 */
export async function readResultFiles(out: string): Promise<readonly ResultFile[]> {
  const results = join(out, 'results')
  const names = await readdir(results).catch(({ code }: NodeJS.ErrnoException) => {
    if (code === 'ENOENT') return []
    throw new ConfigurationError(`cannot read the results in ${results}: ${code}`)
  })
  return Promise.all(
    names
      .filter((name) => /^[^.].*\.json$/.test(name))
      .sort()
      .map(async (name): Promise<ResultFile> => {
        const stem = name.replace(/\.json$/, '')
        const stage = STAGES.find((one) => stem === one || stem.startsWith(`${one}-`))
        const read = await readResult(join(results, name))
        if (typeof read === 'string') return { name, stage, result: undefined, fault: read }
        return read.stage === stage
          ? { name, stage, result: read, fault: undefined }
          : { name, stage, result: undefined, fault: `it is a result of ${read.stage}` }
      }),
  )
}

async function readResult(file: string): Promise<StageResult | string> {
  let json: unknown
  try {
    json = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    return error instanceof SyntaxError
      ? 'it is no JSON'
      : `it cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`
  }
  const read = stageResultSchema.safeParse(json)
  if (!read.success) {
    const [issue] = read.error.issues
    const place = issue?.path.length ? `${issue.path.join('.')}: ` : ''
    return `it is no result of a stage: ${place}${issue?.message}`
  }
  const verdict = overall(read.data.checks.map((check) => check.verdict))
  return verdict === read.data.verdict
    ? read.data
    : `it says ${read.data.verdict}, but its checks come to ${verdict}`
}

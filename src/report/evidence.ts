import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { StageResult } from '../result/stage-result.ts'
import type { Stage } from '../result/stages.ts'
import type { LogText } from './model.ts'
import { readResultFiles } from './result-files.ts'

/** What a stage, or a part of it, left: its result, or why that cannot be read, and the logs beside it. */
export interface Evidence {
  /** Of whose name it bears; undefined when it is none of a stage. */
  readonly stage: Stage | undefined
  readonly result: StageResult | undefined
  /** Why there is no result that can be believed. */
  readonly fault: string | undefined
  readonly logs: readonly LogText[]
}

/** Of a log the end is kept: that is where the cause is. */
const LONGEST_LOG = 64 * 1024

/** Reads a folder of results and logs, as every action leaves it: each result with the logs of its stage. */
export async function readEvidence(out: string): Promise<readonly Evidence[]> {
  const files = await readResultFiles(out)
  return Promise.all(
    files.map(async ({ name, stage, result, fault }) => {
      // What an earlier run left beside it has another story.
      const since = result ? Date.parse(result.startedAt) : 0
      const logs = await logsOf(join(out, 'logs'), name.replace(/\.json$/, ''), since)
      return { stage, result, fault: fault && `${name}: ${fault}`, logs }
    }),
  )
}

/**
 * The log of a stage itself, then those of its services: `<stem>.log` and `<stem>/*.log`, as far as they were written
 * since a time.
 */
async function logsOf(folder: string, stem: string, since: number): Promise<readonly LogText[]> {
  const services = await readdir(join(folder, stem)).catch(() => [])
  const names = [
    `${stem}.log`,
    ...services.filter((name) => name.endsWith('.log')).map((name) => join(stem, name)),
  ]
  const read = await Promise.all(
    names.map(async (name) => {
      const written = await stat(join(folder, name)).catch(() => undefined)
      if (!written || written.mtimeMs < since) return []
      const text = await readFile(join(folder, name), 'utf8').catch(() => undefined)
      return text === undefined || text === '' ? [] : [endOf(name, text)]
    }),
  )
  return read.flat()
}

function endOf(name: string, text: string): LogText {
  if (text.length <= LONGEST_LOG) return { name, text, cutLines: 0 }
  const from = text.indexOf('\n', text.length - LONGEST_LOG) + 1
  return { name, text: text.slice(from), cutLines: text.slice(0, from).split('\n').length - 1 }
}

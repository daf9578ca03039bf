import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * An error's stack with the bundle's frames led back to src/. The maps lie beside the bundle and are read only here,
 * when something has gone wrong: Node's own support for them would cost every start.
 */
export function mappedStack(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const maps = new Map<string, SourceMap | undefined>()
  return (error.stack ?? error.message).replace(
    /(file:\/\/[^\s()]+\.js):(\d+):(\d+)/g,
    (frame, url: string, line: string, column: string) => {
      if (!maps.has(url)) maps.set(url, readMap(url))
      const entry = maps.get(url)?.findEntry(Number(line) - 1, Number(column) - 1)
      return entry && 'originalSource' in entry && entry.originalSource
        ? `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
        : frame
    },
  )
}

function readMap(url: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(fileURLToPath(`${url}.map`), 'utf8')))
  } catch {
    // Chunks of libraries alone have no map: their frames stay as they are.
    return undefined
  }
}

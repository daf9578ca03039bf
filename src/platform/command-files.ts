import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Environment } from '../process/environment.ts'

const FILES = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'] as const

/**
 * Remembers the files through which this step talks to the runner. Children do not learn their names, but they lie
 * in a folder that a child can list: the first `restore` undoes whatever was written into them meanwhile. To be called
 * when no child is left and before the action writes its own.
 */
export function rememberCommandFiles(environment: Environment): { restore(): void } {
  let before = FILES.flatMap((name) => {
    const path = environment[name]
    return path ? [{ path, content: contentOf(path) }] : []
  })
  return {
    restore() {
      for (const { path, content } of before) {
        if (contentOf(path) === content) continue
        if (content === undefined) rmSync(path)
        else writeFileSync(path, content)
      }
      before = []
    },
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // act names files that it has not made yet.
    return undefined
  }
}

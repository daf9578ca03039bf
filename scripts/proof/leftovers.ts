import { readdirSync, readFileSync } from 'node:fs'

/** What may be left in a folder for temporary files: Node keeps the compiled code of tools there. */
const KEPT = new Set(['node-compile-cache'])

/** What a run left, each in words: processes with `trace` in their environment, and temporary files. */
export function processesAndFiles(run: {
  readonly trace: string
  readonly temporary: string
}): readonly string[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readOr(`/proc/${pid}/environ`).includes(run.trace) && !isZombie(pid))
    .map((pid) => `process ${pid}: ${readOr(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 120)}`)
  const files = readdirSync(run.temporary).filter((name) => !KEPT.has(name))
  return [...processes, ...files.map((name) => `file ${name}`)]
}

function isZombie(pid: string): boolean {
  return / \(.*\) Z /s.test(` ${readOr(`/proc/${pid}/stat`).replace(/^\d+/, '')}`)
}

/** Processes come and go, and those of other users cannot be read. */
export function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

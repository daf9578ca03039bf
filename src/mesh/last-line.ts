import { neutralise, OUTPUT_PREFIX } from '../process/neutralise.ts'

const LONGEST = 300

/** How Go begins to say why it ends a program; the goroutines, which come after it, tell less. */
const GO_ENDS = /^(panic|fatal error): /

/**
 * The line of an output that says why it ended, safe to print: the last one that says anything, which is the exception
 * in Python; in Go the panic. Undefined where there is none.
 */
export function lastLine(tail: readonly string[]): string | undefined {
  const said = tail.map((line) => neutralise(line).slice(OUTPUT_PREFIX.length))
  const line = said.findLast((one) => GO_ENDS.test(one)) ?? said.findLast((one) => /[\p{L}\p{N}]/u.test(one))
  return line?.trim().slice(0, LONGEST)
}

/** A clause, with the last thing that was said in brackets behind it. */
export function withLastLine(clause: string, tail: readonly string[]): string {
  const last = lastLine(tail)
  return last === undefined ? clause : `${clause} (${last})`
}

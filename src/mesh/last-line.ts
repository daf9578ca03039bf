import { neutralise, OUTPUT_PREFIX } from '../process/neutralise.ts'

const LONGEST = 300

/** The last line of an output that says anything, safe to print; undefined where there is none. */
export function lastLine(tail: readonly string[]): string | undefined {
  const said = tail.map((line) => neutralise(line).slice(OUTPUT_PREFIX.length).trim())
  return said.findLast((line) => line !== '')?.slice(0, LONGEST)
}

/** A clause, with the last thing that was said in brackets behind it. */
export function withLastLine(clause: string, tail: readonly string[]): string {
  const last = lastLine(tail)
  return last === undefined ? clause : `${clause} (${last})`
}

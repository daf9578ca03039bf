import { stripVTControlCharacters } from 'node:util'

/** Stands before each line of a child's output, so that none begins with a workflow command. */
export const OUTPUT_PREFIX = '  | '

/**
 * Makes a line of a child's output safe to print. On a runner, `::command::` at a line's start (after any
 * white space) and the older `##[command]` anywhere in a line are carried out; in a terminal, escape
 * sequences can rewrite what was printed before. The result runs nothing and is still readable.
 */
export function neutralise(line: string): string {
  const visible = stripVTControlCharacters(line).replace(
    /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/g,
    '',
  )
  return OUTPUT_PREFIX + visible.replaceAll('##[', '## [')
}

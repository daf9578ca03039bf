import { stripVTControlCharacters } from 'node:util'

/** An instruction of a Dockerfile. */
export interface Instruction {
  /** In capitals. */
  readonly name: string
  readonly rest: string
  /** From 1. */
  readonly line: number
}

/** The instructions of a Dockerfile, lines that are continued joined, comments and here-documents left out. */
export function instructionsOf(text: string): readonly Instruction[] {
  const instructions: Instruction[] = []
  let open: { name: string; rest: string; line: number } | undefined
  let hereDocument: string | undefined
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (hereDocument !== undefined) {
      if (line.trim() === hereDocument) hereDocument = undefined
      continue
    }
    if (/^\s*(#.*)?$/.test(line)) continue
    const isContinued = /\\\s*$/.test(line)
    const content = line.replace(/\\\s*$/, '').trim()
    if (open) open.rest = `${open.rest} ${content}`.trim()
    else {
      const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(content) ?? []
      open = { name: name.toUpperCase(), rest, line: index + 1 }
    }
    if (isContinued) continue
    hereDocument = /<<-?["']?(\w+)["']?/.exec(open.rest)?.[1]
    instructions.push(open)
    open = undefined
  }
  if (open) instructions.push(open)
  return instructions
}

/** Whether a Dockerfile compiles Go itself, instead of copying what was built. */
export function compilesGo(instructions: readonly Instruction[]): boolean {
  return instructions.some(({ name, rest }) => name === 'RUN' && /\bgo\s+(build|install)\b/.test(rest))
}

/** Where a build failed, and why: from what the builder printed. */
export function failureIn(
  lines: readonly string[],
  instructions: readonly Instruction[],
): { readonly detail: string; readonly line: number | undefined } {
  const text = lines.map((line) =>
    stripVTControlCharacters(line)
      .replace(/^#\d+ /, '')
      .trim(),
  )
  const found = (pattern: RegExp) =>
    text.map((line) => pattern.exec(line)?.[1]).findLast((one) => one !== undefined)
  // BuildKit shows the place itself: registry.Dockerfile:12. A syntax error has it in its words.
  const line = found(/^\S+:(\d+)$/) ?? found(/parse error(?: on)? line (\d+)/i)
  return {
    detail: causeIn(text),
    line: line === undefined ? failedInstruction(found, instructions)?.line : Number(line),
  }
}

function failedInstruction(
  found: (pattern: RegExp) => string | undefined,
  instructions: readonly Instruction[],
): Instruction | undefined {
  // The classic builder counts: Step 3/9 : COPY bin/x /x. BuildKit heads the end of a failed step: > [2/2] COPY bin/x /x:
  const step = found(/^Step \d+\/\d+ : (.*)$/) ?? found(/^> \[(?!internal\])[^\]]*\] (.*):$/)
  const squeezed = (words: string) => words.replace(/\s+/g, ' ').trim()
  if (step !== undefined) {
    return instructions.find(
      ({ name, rest }) => squeezed(`${name} ${rest}`).toLowerCase() === squeezed(step).toLowerCase(),
    )
  }
  const base = found(/^> \[internal\] load metadata for (?:docker\.io\/(?:library\/)?)?(.*):$/)
  if (base === undefined) return undefined
  const bases = instructions.filter(({ name }) => name === 'FROM')
  return bases.find(({ rest }) => rest.split(/\s+/).includes(base)) ?? bases[0]
}

/** What only says that something failed; the cause was printed by the instruction's own program. */
const EXIT_CODE = /returned a non-zero code|did not complete successfully|^executor failed running/
/** What builders print around the words of programs. */
const AROUND = /^(-+|--->.*|>.*|Step \d+\/\d+ : .*|Removing intermediate container .*|\S+:\d+|\d+ \|.*)?$/

function causeIn(text: readonly string[]): string {
  const told = text
    .filter((line) => !AROUND.test(line))
    .map((line) =>
      line
        .replace(/^(ERROR: )?(failed to solve: )?(Error response from daemon: )?/, '')
        // Seconds since the step began, as BuildKit puts them before each line.
        .replace(/^\d+\.\d+ /, ''),
    )
  return told.findLast((line) => !EXIT_CODE.test(line)) ?? told.at(-1) ?? 'it failed'
}

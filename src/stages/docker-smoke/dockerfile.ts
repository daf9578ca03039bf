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

/** The base images that are named without a digest, and by `latest` or no tag at all. */
export function floatingBases(instructions: readonly Instruction[]): readonly Instruction[] {
  const stages = new Set<string>()
  const floating: Instruction[] = []
  for (const instruction of instructions) {
    if (instruction.name !== 'FROM') continue
    const [, image = '', stage] = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(instruction.rest) ?? []
    const isFixed =
      image === 'scratch' || stages.has(image.toLowerCase()) || image.includes('@') || image.includes('$')
    const tag = /:([^/:]+)$/.exec(image)?.[1]
    if (!isFixed && (tag === undefined || tag === 'latest')) floating.push(instruction)
    if (stage) stages.add(stage.toLowerCase())
  }
  return floating
}

/** Where a build failed, and why: from what the builder printed. */
export function failureIn(
  lines: readonly string[],
  instructions: readonly Instruction[],
): { readonly detail: string; readonly line: number | undefined } {
  const text = lines.map((line) => line.replace(/^#\d+ /, '').trim())
  // BuildKit shows the place itself: registry.Dockerfile:12
  const place = text.map((line) => /^\S+:(\d+)$/.exec(line)?.[1]).findLast((found) => found !== undefined)
  // The classic builder counts: Step 3/9 : COPY bin/x /x
  const step = text
    .map((line) => /^Step \d+\/\d+ : (.*)$/.exec(line)?.[1])
    .findLast((found) => found !== undefined)
  const syntax = text
    .map((line) => /parse error(?: on)? line (\d+)/i.exec(line)?.[1])
    .findLast((found) => found !== undefined)
  const said = text.findLast(
    (line) => line !== '' && !/^-+$/.test(line) && !/^\S+:\d+$/.test(line) && !/^\d+ \|/.test(line),
  )
  const detail = (said ?? 'it failed').replace(
    /^(ERROR: )?(failed to solve: )?(Error response from daemon: )?/,
    '',
  )
  const squeezed = (words: string) => words.replace(/\s+/g, ' ').trim()
  const instruction =
    step === undefined
      ? undefined
      : instructions.find(({ name, rest }) => squeezed(`${name} ${rest}`) === squeezed(step))
  const line = place ?? syntax
  return { detail, line: line === undefined ? instruction?.line : Number(line) }
}

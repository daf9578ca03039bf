/** A test that has begun. */
interface RunningTest {
  readonly id: string
  /** Relative to pytest's rootdir. */
  readonly file: string
  readonly line: number
}

/** How a test ended, in the words of the moment in which that was known. */
export interface NotedResult {
  /** As pytest names it, relative to its rootdir; of a module that skips itself that of the file. */
  readonly id: string
  /** `call` is the test itself, `setup` its fixtures; a setup that passed is not noted. */
  readonly when: 'collect' | 'setup' | 'call'
  /** pytest's, or what a plugin adds to them. */
  readonly outcome: string
  /** Why it was skipped or is expected to fail. */
  readonly why?: string
}

/** What a run of pytest noted as it went on. */
export interface Progress {
  /** Of pytest; undefined when it did not come so far. */
  readonly version: string | undefined
  /** Absolute. */
  readonly rootdir: string | undefined
  readonly collected: number | undefined
  readonly deselected: number
  /** The tests that had begun and not ended, in the order in which they began. */
  readonly running: readonly RunningTest[]
  readonly results: readonly NotedResult[]
  readonly hasEnded: boolean
  /** What pytest says of itself, whatever code the process then ended with. */
  readonly code: number | undefined
}

type Note =
  | { readonly kind: 'session'; readonly rootdir: string; readonly version: string }
  | { readonly kind: 'collected' | 'deselected'; readonly count: number }
  | ({ readonly kind: 'start' } & RunningTest)
  | ({ readonly kind: 'result' } & NotedResult)
  | { readonly kind: 'finish'; readonly id: string }
  | { readonly kind: 'end'; readonly code: number }

/** Reads the lines that pytest-script.ts writes; a last one that is torn is left out. */
export function readRecord(text: string): Progress {
  const notes = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Note)
  const of = <K extends Note['kind']>(kind: K) =>
    notes.filter((note): note is Extract<Note, { kind: K }> => note.kind === kind)
  const finished = new Set(notes.flatMap((note) => (note.kind === 'finish' ? [note.id] : [])))
  const counts = (kind: 'collected' | 'deselected') =>
    notes.flatMap((note) => (note.kind === kind ? [note.count] : []))
  const [session] = of('session')
  const [end] = of('end')
  return {
    version: session?.version,
    rootdir: session?.rootdir,
    collected: counts('collected').at(-1),
    deselected: counts('deselected').reduce((sum, count) => sum + count, 0),
    running: of('start')
      .filter(({ id }) => !finished.has(id))
      .map(({ id, file, line }) => ({ id, file, line })),
    results: of('result').map(({ kind: _, ...result }) => result),
    hasEnded: end !== undefined,
    code: end?.code,
  }
}

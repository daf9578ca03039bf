/** An event of `go test -json`; see `go doc test2json`. */
export interface TestEvent {
  readonly Action: string
  readonly Package?: string
  /** Of a build that failed. */
  readonly ImportPath?: string
  /** Of a package that failed: the ImportPath of the build that it failed by. */
  readonly FailedBuild?: string
  readonly Test?: string
  /** Seconds. */
  readonly Elapsed?: number
  readonly Output?: string
}

/** The events, and the lines that are none: what Go says before it runs anything. */
export function parseEvents(text: string): {
  readonly events: readonly TestEvent[]
  readonly stray: readonly string[]
} {
  const events: TestEvent[] = []
  const stray: string[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    const event = eventIn(line)
    if (event) events.push(event)
    else stray.push(line)
  }
  return { events, stray }
}

function eventIn(line: string): TestEvent | undefined {
  try {
    const found: unknown = JSON.parse(line)
    // A test may print JSON of its own where Go does not wrap it.
    const isEvent = typeof found === 'object' && found !== null && 'Action' in found
    return isEvent && typeof found.Action === 'string' ? (found as TestEvent) : undefined
  } catch {
    return undefined
  }
}

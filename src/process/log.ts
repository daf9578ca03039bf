/**
 * Where a stage says what it does. Each way of running it (GitHub, act, a terminal) brings its own.
 * Lines are the suite's own words unless they come through a task's `output`, which takes a child's.
 */
export interface Log {
  info(line: string): void
  warn(line: string): void
  /**
   * A named piece of work with the output of the processes it runs.
   * Several may be under way at once; their outputs are not mixed.
   */
  task<T>(title: string, work: (output: OutputSink) => Promise<T>): Promise<T>
}

/** Takes one line of a child's output, already neutralised. */
export type OutputSink = (line: string) => void

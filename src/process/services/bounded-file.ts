import { createWriteStream, type WriteStream } from 'node:fs'

/** How much of a log is kept, in characters of its lines. */
export interface Bounds {
  readonly head: number
  readonly tail: number
}

/**
 * A log file of bounded size: the first lines are written as they come, of what follows the last are kept and
 * written at the end, with the number of those left out between them. Neither memory nor disk grows beyond that,
 * and a writer never waits.
 */
export class BoundedFile<T extends { readonly text: string }> {
  readonly #stream: WriteStream
  readonly #format: (entry: T) => string
  readonly #bounds: Bounds
  #head = 0
  // The tail in two halves: when the newer one is full, the older one is let go as a whole.
  #older: T[] = []
  #newer: T[] = []
  #newerLength = 0
  #leftOut = 0

  /** `onError` is told once when the file cannot be written (a full disk); what follows is dropped. */
  constructor(
    path: string,
    options: { format: (entry: T) => string; bounds: Bounds; onError: (error: Error) => void },
  ) {
    this.#format = options.format
    this.#bounds = options.bounds
    this.#stream = createWriteStream(path)
    this.#stream.once('error', options.onError)
  }

  write(entry: T): void {
    const length = entry.text.length + 1
    if (this.#head + length <= this.#bounds.head) {
      this.#head += length
      this.#put(entry)
      return
    }
    // No later line, however short, comes into the head again.
    this.#head = this.#bounds.head
    if (this.#newerLength + length > this.#bounds.tail / 2) {
      this.#leftOut += this.#older.length
      this.#older = this.#newer
      this.#newer = []
      this.#newerLength = 0
    }
    this.#newer.push(entry)
    this.#newerLength += length
  }

  async close(): Promise<void> {
    if (this.#leftOut > 0)
      this.#stream.write(`… ${this.#leftOut} ${this.#leftOut === 1 ? 'line' : 'lines'} left out\n`)
    for (const entry of [...this.#older, ...this.#newer]) this.#put(entry)
    if (this.#stream.destroyed) return
    await new Promise<void>((resolve) => this.#stream.once('close', () => resolve()).end())
  }

  #put(entry: T): void {
    if (!this.#stream.destroyed) this.#stream.write(`${this.#format(entry)}\n`)
  }
}

import { StringDecoder } from 'node:string_decoder'

/** A line longer than this is cut into several, so that output without line ends cannot fill the memory. */
const LONGEST_LINE = 64 * 1024

/** Cuts a stream of bytes into lines at LF, CR LF and lone CR, whatever the chunks. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8')
  readonly #onLine: (line: string) => void
  #rest = ''

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine
  }

  write(chunk: Buffer): void {
    const text = this.#rest + this.#decoder.write(chunk)
    let start = 0
    for (const match of text.matchAll(/\r\n|\n|\r(?!$)/g)) {
      this.#emit(text.slice(start, match.index))
      start = match.index + match[0].length
    }
    this.#rest = text.slice(start)
    // The lone CR at the end may be half of a CR LF: it waits for the next chunk.
    if (this.#rest.length > LONGEST_LINE) {
      this.#emit(this.#rest)
      this.#rest = ''
    }
  }

  /** Hands out what came after the last line end. */
  end(): void {
    const last = (this.#rest + this.#decoder.end()).replace(/\r$/, '')
    this.#rest = ''
    if (last !== '') this.#emit(last)
  }

  #emit(line: string): void {
    for (let at = 0; at === 0 || at < line.length; at += LONGEST_LINE) {
      this.#onLine(line.slice(at, at + LONGEST_LINE))
    }
  }
}

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
    // A lone CR at the end may be half of a CR LF: it waits for the next chunk.
    this.#take(this.#rest + this.#decoder.write(chunk), /\r\n|\n|\r(?!$)/g)
    while (this.#rest.replace(/\r$/, '').length > LONGEST_LINE) {
      const first = firstPiece(this.#rest)
      this.#onLine(first)
      this.#rest = this.#rest.slice(first.length)
    }
  }

  /** Hands out what came after the last line end. */
  end(): void {
    this.#take(this.#rest + this.#decoder.end(), /\r\n|\n|\r/g)
    if (this.#rest !== '') this.#emit(this.#rest)
    this.#rest = ''
  }

  #take(text: string, lineEnd: RegExp): void {
    let start = 0
    for (const match of text.matchAll(lineEnd)) {
      this.#emit(text.slice(start, match.index))
      start = match.index + match[0].length
    }
    this.#rest = text.slice(start)
  }

  #emit(line: string): void {
    let rest = line
    do {
      const first = firstPiece(rest)
      this.#onLine(first)
      rest = rest.slice(first.length)
    } while (rest !== '')
  }
}

/** As much of a line as is handed out at once; a character of two code units stays whole. */
function firstPiece(line: string): string {
  const splitsPair = line.length > LONGEST_LINE && /[\ud800-\udbff]/.test(line.charAt(LONGEST_LINE - 1))
  return line.slice(0, splitsPair ? LONGEST_LINE - 1 : LONGEST_LINE)
}

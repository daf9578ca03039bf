import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { OutputSink } from '../log.ts'
import { neutralise, OUTPUT_PREFIX } from '../neutralise.ts'
import { BoundedFile, type Bounds } from './bounded-file.ts'

/** How many of a service's last lines are kept to explain a failure. */
const TAIL_LINES = 40
/** How many lines of one service are shown as they come; the rest is in its file. */
const SHOWN_LINES = 2_000
const MERGED: Bounds = { head: 8_000_000, tail: 2_000_000 }
const OF_ONE: Bounds = { head: 4_000_000, tail: 1_000_000 }

/** The suite's own words among a service's output, told from it by this. */
const SAID_PREFIX = OUTPUT_PREFIX.replace('|', '=')

/** The log of the services of one stage: one file of all in the order of time, and one of each. */
export interface ServiceLog extends AsyncDisposable {
  /** The folder of the files, and the one of all services in it. */
  readonly folder: string
  readonly file: string
  /** A service to write for. Its file is named after it; a second one of the same name gets a file of its own. */
  source(name: string): LogSource
  /** The last lines of the newest service of a name, as they were printed: not safe to print as they are. */
  tail(name: string): readonly string[]
}

export interface LogSource {
  readonly file: string
  /** Takes a line of its output. */
  printed(text: string): void
  /** Takes what the suite has to say of it. */
  said(text: string): void
  /** The last lines of its output, as they were printed; not safe to print as they are. */
  tail(): readonly string[]
}

interface Entry {
  readonly ms: number
  readonly name: string
  readonly text: string
  readonly said: boolean
}

/** `   123 ms registry  | listening`: safe to print, with the time since the log was opened. */
function format({ ms, name, text, said }: Entry): string {
  const safe = neutralise(text)
  const words = said ? SAID_PREFIX + safe.slice(OUTPUT_PREFIX.length) : safe
  return `${String(Math.round(ms)).padStart(6)} ms ${name}${words}`
}

/** Opens the log of a stage's services in a folder, which is made. `shown` sees the lines as they come. */
export function serviceLog(folder: string, shown: OutputSink = () => {}): ServiceLog {
  mkdirSync(folder, { recursive: true })
  const openedAt = performance.now()
  const names = new Map<string, number>([['services', 1]])
  const tails = new Map<string, readonly string[]>()
  let broken = false
  const open = (file: string, bounds: Bounds) =>
    new BoundedFile<Entry>(file, {
      format,
      bounds,
      onError: (error) => {
        // A disk that is full must not take the verdict with it.
        if (!broken) shown(neutralise(`cannot write ${file}: ${error.message}`))
        broken = true
      },
    })
  const file = join(folder, 'services.log')
  const merged = open(file, MERGED)
  const files = [merged]

  function source(name: string): LogSource {
    const stem = name.replace(/[^A-Za-z0-9._-]/g, '-')
    const count = (names.get(stem) ?? 0) + 1
    names.set(stem, count)
    const ownFile = join(folder, `${count === 1 ? stem : `${stem}-${count}`}.log`)
    const own = open(ownFile, OF_ONE)
    files.push(own)
    const tail: string[] = []
    tails.set(name, tail)
    let lines = 0
    const write = (text: string, said: boolean) => {
      const entry = { ms: performance.now() - openedAt, name: stem, text, said }
      merged.write(entry)
      own.write(entry)
      if (!said) lines++
      if (said || lines <= SHOWN_LINES) shown(format(entry))
      if (!said && lines === SHOWN_LINES) {
        shown(format({ ...entry, text: `more is in ${ownFile}`, said: true }))
      }
    }
    return {
      file: ownFile,
      printed: (text) => {
        tail.push(text)
        if (tail.length > TAIL_LINES) tail.shift()
        write(text, false)
      },
      said: (text) => write(text, true),
      tail: () => [...tail],
    }
  }

  return {
    folder,
    file,
    source,
    tail: (name) => [...(tails.get(name) ?? [])],
    async [Symbol.asyncDispose]() {
      await Promise.all(files.map((one) => one.close()))
    },
  }
}

import { formatDuration } from '../../result/units.ts'
import { type Answer, ask } from './ask.ts'
import { exitInWords, type FailureReason } from './failure.ts'
import type { Launched } from './launch.ts'
import { type Answering, listeners, misplaced, whoAnswers } from './listeners.ts'
import { pause } from './pause.ts'
import { HOST } from './ports.ts'
import type { Readiness } from './readiness.ts'

const SHORTEST_MS = 10
const LONGEST_MS = 100
/** Between two questions while there is no sign that it may be ready: each costs this machine's processors something. */
const SELDOM_MS = 250
/** The shortest time that one request gets. */
const REQUEST_MS = 1_000
/** How often it is looked where a service listens that does not listen where it should; lsof is slow. */
const LOOK_MS = process.platform === 'linux' ? 200 : 1_000
/** How long it may listen elsewhere alone: a service may open a port for its metrics before its own. */
const ELSEWHERE_MS = 5_000
/** The same for its own port at another address, which no service opens first. */
const OTHER_ADDRESS_MS = 500

/** What a server prints whose port is taken: Go, Python, Node. */
const IN_USE = /address already in use|EADDRINUSE|only one usage of each socket address/i

export type Waited =
  /** When it was ready, on the clock of `performance.now()`. */
  | { readonly kind: 'ready'; readonly at: number }
  /** Why it is not, as a clause that goes after the service's name. */
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly clause: string }

export interface Waiting {
  readonly port: number
  readonly readiness: Readiness
  readonly timeoutMs: number
  /** `anybody`: another process answers for it, as Docker does for a container. */
  readonly listener: 'own' | 'anybody'
  readonly tail: () => readonly string[]
  readonly signal: AbortSignal
}

/**
 * Waits until a service is ready, or until it is clear that it will not be: it ended, its port is somebody else's, it
 * listens elsewhere, its time is over. Rejects with the signal's reason when it is aborted.
 */
export async function awaitReady(launched: Launched, waiting: Waiting): Promise<Waited> {
  const over = new AbortController()
  const signal = AbortSignal.any([waiting.signal, over.signal])
  const { readiness } = waiting
  const work =
    readiness.kind === 'line'
      ? lineMatches(launched, readiness.pattern, waiting, signal)
      : polled(launched, readiness, waiting, signal)
  try {
    const waited = await Promise.race([work, ended(launched, waiting, signal)])
    waiting.signal.throwIfAborted()
    // Undefined only after an abort, which has just been thrown.
    if (!waited) throw new Error('the wait ended without a result')
    return waited
  } finally {
    over.abort()
    await Promise.allSettled([work])
  }
}

async function ended(
  launched: Launched,
  { port, tail }: Waiting,
  signal: AbortSignal,
): Promise<Waited | undefined> {
  const exit = await launched.exited
  await launched.printedAll
  // It was ready, and ended some time after.
  if (signal.aborted) return undefined
  const clause = `ended before it was ready: ${exitInWords(exit)}`
  if (!tail().some((line) => IN_USE.test(line))) return { kind: 'failed', reason: 'ended', clause }
  const answering = whoAnswers(port, listeners([]))
  const why =
    typeof answering === 'object'
      ? `${HOST}:${port} was taken by ${answering.holder}`
      : 'it says that an address is in use'
  return { kind: 'failed', reason: 'port-taken', clause: `${clause}; ${why}` }
}

function timedOut(waiting: Waiting, seen: string): Waited {
  const clause = `was not ready after ${formatDuration(waiting.timeoutMs)}: ${seen}`
  return { kind: 'failed', reason: 'timed-out', clause }
}

async function lineMatches(
  launched: Launched,
  pattern: RegExp,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<Waited | undefined> {
  const found = new AbortController()
  const forget = launched.onLine((line) => {
    if (pattern.test(line)) found.abort(performance.now())
  })
  await pause(waiting.timeoutMs, AbortSignal.any([signal, found.signal]))
  forget()
  if (found.signal.aborted) return { kind: 'ready', at: found.signal.reason as number }
  return signal.aborted ? undefined : timedOut(waiting, `no line matches ${pattern}`)
}

async function polled(
  launched: Launched,
  readiness: Extract<Readiness, { kind: 'http' }>,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<Waited | undefined> {
  const isPath = readiness.target.startsWith('/')
  const url = isPath ? `http://${HOST}:${waiting.port}${readiness.target}` : readiness.target
  const watched = isPath && waiting.listener === 'own' ? watchPort(launched, waiting) : undefined
  const until = launched.startedAt + waiting.timeoutMs
  let seen = 'there was no time to ask it'
  let answered = false
  const sign = signOf(readiness, launched.startedAt)
  for (;;) {
    const remaining = until - performance.now()
    if (remaining <= 0) return timedOut(waiting, seen)
    // Who is slow at first may be slow for long: a request's time grows with what has been waited.
    const patience = Math.max(REQUEST_MS, (waiting.timeoutMs - remaining) / 2)
    const answer = await ask(url, { limitMs: Math.min(remaining, patience), signal })
    const at = performance.now()
    if (signal.aborted) return undefined
    // The last request had no time to be answered, and is given up a little early: what was seen before says more.
    if (answer.kind === 'mute' && at >= until - SHORTEST_MS && answered) return timedOut(waiting, seen)
    const wrong = await watched?.(answer)
    if (wrong) return wrong
    const missing = answer.kind === 'answered' ? readiness.missing(answer) : undefined
    if (answer.kind === 'answered' && missing === undefined) return { kind: 'ready', at }
    answered = answer.kind === 'answered'
    seen = missing === undefined ? inWords(answer, url) : `GET ${readiness.target} ${missing}`
    const since = sign.at()
    const next = since === undefined ? SELDOM_MS : interval(answer, at - since)
    const woken = since === undefined ? AbortSignal.any([signal, sign.came]) : signal
    await pause(Math.min(next, Math.max(0, until - at)), woken)
    if (signal.aborted) return undefined
  }
}

/** When a service was first thought ready; undefined before. */
function signOf(
  { sign }: Extract<Readiness, { kind: 'http' }>,
  startedAt: number,
): { readonly at: () => number | undefined; readonly came: AbortSignal } {
  let at = sign === undefined ? startedAt : undefined
  const came = new AbortController()
  void sign?.then(() => {
    at = performance.now()
    came.abort()
  })
  return { at: () => at, came: came.signal }
}

/**
 * The time to the next question: a fixed part of what has passed, so that the time to ready is found to within it. A
 * refused connection costs the service nothing, so it is tried more often than one that was answered.
 */
function interval(answer: Answer, elapsedMs: number): number {
  const part = elapsedMs / (answer.kind === 'refused' ? 100 : 20)
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, part))
}

function inWords(answer: Answer, url: string): string {
  const { host } = new URL(url)
  switch (answer.kind) {
    case 'refused':
      return `nothing listens on ${host}`
    case 'mute':
      return `${host} is listened on, but GET ${new URL(url).pathname} got ${answer.why}`
    case 'answered':
      return `it answered ${answer.status}`
    default:
      return answer satisfies never
  }
}

/** Looks, along with the answers, whether it is the service that answers, and where it listens when nobody does. */
function watchPort(launched: Launched, { port, timeoutMs }: Waiting) {
  let own = false
  // Nothing that has just been started listens anywhere.
  let lookedAt = launched.startedAt
  let elsewhereSince: number | undefined

  return async (answer: Answer): Promise<Waited | undefined> => {
    if (answer.kind === 'refused') return elsewhere()
    if (own) return undefined
    let answering = answersNow()
    if (typeof answering === 'object') {
      // A process that was forked between two looks is not known as the service's in the first.
      await pause(SHORTEST_MS)
      answering = answersNow()
    }
    if (typeof answering === 'object') {
      const clause = `does not have its port: ${HOST}:${port} was taken by ${answering.holder}`
      return { kind: 'failed', reason: 'port-taken', clause }
    }
    own = answering === 'own'
    return undefined
  }

  function answersNow(): Answering {
    return whoAnswers(port, listeners(launched.members()))
  }

  function elsewhere(): Waited | undefined {
    const now = performance.now()
    if (now - lookedAt < LOOK_MS) return undefined
    lookedAt = now
    const listening = listeners(launched.members()).own
    const clause = misplaced(port, listening)
    if (clause === undefined) {
      elsewhereSince = undefined
      return undefined
    }
    elsewhereSince ??= now
    const patience = listening.some((one) => one.port === port) ? OTHER_ADDRESS_MS : ELSEWHERE_MS
    if (now - elsewhereSince < Math.min(patience, timeoutMs / 2)) return undefined
    return { kind: 'failed', reason: 'elsewhere', clause }
  }
}

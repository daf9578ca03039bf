import type { Answer } from './ask.ts'

/** What makes a service ready. */
export type Readiness =
  | {
      readonly kind: 'http'
      /** A path of the service's own (`/health`), or a whole URL: of the registry that an agent must appear in. */
      readonly target: string
      /** What is missing in an answer, as a clause: `answers 500, not 200`; undefined when nothing is. */
      readonly missing: (answer: Extract<Answer, { kind: 'answered' }>) => string | undefined
      /** Resolves when it may be ready; until then it is asked only now and then. Default: from the start. */
      readonly sign?: Promise<unknown>
    }
  | {
      readonly kind: 'line'
      /** A line of stdout or stderr that matches. */
      readonly pattern: RegExp
    }

/** An HTTP status at a path or URL. */
export function answers(target: string, status = 200): Readiness {
  return {
    kind: 'http',
    target,
    missing: (answer) => (answer.status === status ? undefined : `answers ${answer.status}, not ${status}`),
  }
}

/**
 * Whatever can be said of a JSON document that is answered with status 200: all agents registered, all of them
 * healthy. `missing` says what it lacks, as a clause for the message (`has no agent hello-world-demo`).
 */
export function answersJson(
  target: string,
  missing: (document: unknown) => string | undefined,
  options: { readonly sign?: Promise<unknown> } = {},
): Readiness {
  return {
    kind: 'http',
    target,
    ...options,
    missing: (answer) => {
      if (answer.status !== 200) return `answers ${answer.status}, not 200`
      let document: unknown
      try {
        document = JSON.parse(answer.body)
      } catch {
        return 'answers no JSON'
      }
      return missing(document)
    },
  }
}

/** A field of a JSON object (of an object in it, with dots between the names) that has a value. */
export function jsonFieldIs(target: string, field: string, value: string | number | boolean): Readiness {
  return answersJson(target, (document) => {
    const found = field.split('.').reduce<unknown>((inside, name) => {
      const isObject = typeof inside === 'object' && inside !== null
      return isObject && Object.hasOwn(inside, name) ? (inside as Record<string, unknown>)[name] : undefined
    }, document)
    if (found === value) return undefined
    const shown = found === undefined ? 'no value' : JSON.stringify(found).slice(0, 80)
    return `answers with ${shown} for ${field}, not ${JSON.stringify(value)}`
  })
}

/** A line that the service prints. */
export function printsLine(pattern: RegExp): Readiness {
  // Without the state that `g` and `y` keep from one line to the next.
  return { kind: 'line', pattern: new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')) }
}

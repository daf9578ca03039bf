import type { Log } from '../process/log.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import { type Action, allInputs } from './declare.ts'

/** What stands in the place of a secret. */
const HIDDEN = '***'

/** The words in an action's inputs that nobody may see. */
export function secretsOf(declared: Action, text: (name: string) => string): readonly string[] {
  return Object.entries(allInputs(declared)).flatMap(([name, { secrets }]) => secrets?.(text(name)) ?? [])
}

/** A log through which no secret passes, whoever printed it: a child may have found one. */
export function withoutSecrets(log: Log, secrets: readonly string[]): Log {
  if (secrets.length === 0) return log
  const hide = (line: string) => hidden(line, secrets)
  return {
    info: (line) => log.info(hide(line)),
    warn: (line) => log.warn(hide(line)),
    task: (title, work) => log.task(hide(title), (output) => work((line) => output(hide(line)))),
  }
}

/** A value of JSON's kinds in which no text holds a secret. */
export function hidingSecrets<T>(value: T, secrets: readonly string[]): T {
  if (secrets.length === 0) return value
  return JSON.parse(JSON.stringify(value), (_key, one) =>
    typeof one === 'string' ? hidden(one, secrets) : one,
  )
}

/** The same mistake in words that hold no secret. */
export function withoutSecretsIn(error: ConfigurationError, secrets: readonly string[]): ConfigurationError {
  const { place, fix } = error
  return new ConfigurationError(hidden(error.message, secrets), {
    place,
    fix: fix === undefined ? undefined : hidden(fix, secrets),
  })
}

function hidden(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
}

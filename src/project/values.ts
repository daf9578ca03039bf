import { z } from 'zod'
import { parseDuration, parseSize } from './measures.ts'

/** The kinds of value that mesh.yml is made of. Each says in `error` what would be right. */

/** What stands in for a value that is known only when the command is started. */
const PLACEHOLDERS = ['registry', 'cli', 'port', 'url', 'python'] as const

export const flag = z.boolean({ error: 'expected true or false' })

export const text = z.string({ error: 'expected text' })

/** Words that somebody wrote for others to read. */
export const words = text.trim().min(1, { error: 'expected some words' })

export const count = z
  .number({ error: 'expected a whole number' })
  .int({ error: 'expected a whole number' })
  .positive({
    error: 'expected a number above 0',
  })

export const port = z
  .number({ error: 'expected a port' })
  .int({ error: 'expected a whole number' })
  .min(0, { error: 'expected a port from 0 to 65535' })
  .max(65535, { error: 'expected a port from 0 to 65535' })

/** 2.50 comes as text from the file, as a version would (see `readSource`). */
export const ratio = z
  .union([z.number(), z.string().regex(/^\d*\.?\d+$/, { error: 'expected a number' })], {
    error: 'expected a number',
  })
  .transform(Number)
  .refine((value) => value > 0, { error: 'expected a number above 0' })

/** A word of a command or a variable's value; YAML may have read it as a number or a truth value. */
export const word = z
  .union([z.string(), z.number(), z.boolean()], { error: 'expected text' })
  .transform(String)

/** A version as it was written: 1.20 is not 1.2, though YAML would read both as one number. */
export const version = z
  .union([z.string(), z.number()], { error: 'expected a version, as in 1.24' })
  .transform(String)

/** Written with its unit; milliseconds inside. */
export const duration = z
  .string({ error: 'expected a duration with its unit, as in 30s' })
  .transform((written, context) => {
    const ms = parseDuration(written)
    if (ms !== undefined) return ms
    context.addIssue({
      code: 'custom',
      message: 'expected a duration with its unit, as in 30s',
      input: written,
    })
    return z.NEVER
  })

/** Written with its unit; bytes inside. */
export const size = z
  .string({ error: 'expected a size with its unit, as in 40MiB' })
  .transform((written, context) => {
    const bytes = parseSize(written)
    if (bytes !== undefined) return bytes
    context.addIssue({
      code: 'custom',
      message: 'expected a size with its unit, as in 40MiB',
      input: written,
    })
    return z.NEVER
  })

/** GOOS/GOARCH. Whether Go has it is asked of the Go that builds. */
export const platform = z
  .string({ error: 'expected GOOS/GOARCH, as in linux/amd64' })
  .regex(/^[a-z0-9]+\/[a-z0-9]+$/, { error: 'expected GOOS/GOARCH, as in linux/amd64' })

/** An argument list, taken as it stands; no shell ever, so no string. */
export const plainCommand = z
  .array(word, { error: 'expected a list of arguments, as in [make, generate]' })
  .min(1, { error: 'expected at least the program' })
  .superRefine((argv, context) => {
    if (argv[0] === '') {
      context.addIssue({ code: 'custom', path: [0], message: 'expected a program', input: argv[0] })
    }
  })

/** An argument list in which placeholders stand for what is known when it is started. */
export const command = plainCommand.superRefine((argv, context) => {
  argv.forEach((argument, index) => {
    for (const [whole, name] of argument.matchAll(/\{([A-Za-z][A-Za-z-]*)\}/g)) {
      if ((PLACEHOLDERS as readonly string[]).includes(name ?? '')) continue
      context.addIssue({
        code: 'custom',
        path: [index],
        message: `unknown placeholder ${whole}; there are ${PLACEHOLDERS.map((known) => `{${known}}`).join(' ')}`,
        input: argument,
      })
    }
  })
})

/** A key that a person chose: the name of a command, an image, a deployment. */
export const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
  error: 'expected a name of letters, digits, dots, dashes and underscores',
})

/** A glob where only a path has a meaning. */
const GLOB = /[*?[\]{}]/

/** A folder or file inside the project, by its path. */
export function plainPath(refuse: (path: string) => string | undefined) {
  return insidePath((path) => (GLOB.test(path) ? 'expected a path without wildcards' : refuse(path)))
}

/**
 * A path or glob inside the project, with forward slashes. `refuse` says why a path that is spelt well still
 * leads out of the project (a symbolic link), or undefined.
 */
export function insidePath(refuse: (path: string) => string | undefined) {
  return text.min(1, { error: 'expected a path' }).superRefine((path, context) => {
    const message = leavesBySpelling(path) ?? refuse(path)
    if (message) context.addIssue({ code: 'custom', message, input: path })
  })
}

function leavesBySpelling(path: string): string | undefined {
  // Paths are printed, also where a line may be read as a command.
  if (/\p{Cc}/u.test(path)) return 'expected a path without control characters'
  if (/^([/\\]|[A-Za-z]:)/.test(path)) return 'expected a path relative to the project'
  if (path.split(/[/\\]/).includes('..')) return 'expected a path inside the project, without ..'
  return undefined
}

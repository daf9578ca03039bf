import { readFileSync } from 'node:fs'

/** The version of this copy of the suite, from the package.json beside dist/. */
export const VERSION: string = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
).version

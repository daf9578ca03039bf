import { readFileSync } from 'node:fs'

/** The version of this copy of the suite, from the package.json that lies two folders up, as seen from src/ and dist/ alike. */
export function suiteVersion(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
}

import { fileURLToPath } from 'node:url'

/** How the suite's own actions are named wherever they are; a fork changes the owner here alone. */
export const SUITE = 'org/mesh-actions'

// Not within `new URL` itself, where the bundler would take it for a file to carry along.
const HERE = import.meta.url

/** The folder of this copy of the suite, absolute: the one that holds dist/, seen from src/ and dist/ alike. */
export function suiteFolder(): string {
  return fileURLToPath(new URL('../../', HERE))
}

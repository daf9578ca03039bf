import { fileURLToPath } from 'node:url'

/** How the suite is named wherever it is named; `scripts/set-owner` changes the owner here and everywhere else for a fork. */
export const SUITE = 'org/mesh-actions'

/** The major tag that users name it by. */
export const MAJOR_TAG = 'v1'

// Not within `new URL` itself, where the bundler would take it for a file to carry along.
const HERE = import.meta.url

/** The folder of this copy of the suite, absolute: the one that holds dist/, seen from src/ and dist/ alike. */
export function suiteFolder(): string {
  return fileURLToPath(new URL('../../', HERE))
}

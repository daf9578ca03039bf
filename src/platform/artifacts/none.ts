import { ConfigurationError } from '../../result/configuration-error.ts'
import type { Artifacts } from './artifacts.ts'

/** Where artifacts cannot travel: what was made stays in the project's folder, and asking for one says why. */
export function noArtifacts(why: string, warn: (line: string) => void): Artifacts {
  return {
    upload: async (name) => warn(`${name} stays in the project's folder: ${why}`),
    list: async () => [],
    download: async (name) => {
      throw new ConfigurationError(`cannot fetch the artifact ${name}: ${why}`)
    },
  }
}

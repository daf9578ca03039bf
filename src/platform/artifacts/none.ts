import { ConfigurationError } from '../../result/configuration-error.ts'
import type { Artifacts } from './artifacts.ts'

/** Where artifacts cannot travel: what was made stays in the project's folder, and asking for one says why. */
export function noArtifacts(why: string, warn: (line: string) => void): Artifacts {
  const refuse = async (): Promise<never> => {
    throw new ConfigurationError(`artifacts cannot be fetched here: ${why}`)
  }
  return {
    upload: async (name) => {
      warn(`${name} stays in the project's folder: ${why}`)
      return false
    },
    list: refuse,
    download: refuse,
  }
}

import { ConfigurationError } from '../../result/configuration-error.ts'

/** Files that travel from one job of a run to another. */
export interface Artifacts {
  /**
   * Keeps files (absolute) under a name, with their paths relative to `root`. One of the same name that an earlier
   * attempt of this job left is replaced; of one attempt there is one of a name, and a second is a ConfigurationError.
   * Whether it was kept: some places keep nothing. `retentionDays`: how long it is kept; default what the repository has set.
   */
  upload(
    name: string,
    files: readonly string[],
    root: string,
    options?: { readonly retentionDays?: number | undefined },
  ): Promise<boolean>
  /** Names of what this run has kept so far. */
  list(): Promise<readonly string[]>
  /** Puts the files of an artifact into a folder. Throws a ConfigurationError when there is none of that name. */
  download(name: string, folder: string): Promise<void>
}

/** The mistake of two steps that keep what they made under one name. */
export function nameTaken(name: string): ConfigurationError {
  return new ConfigurationError(`this run has an artifact ${name} already`, {
    fix: 'give one of the two steps another "name"',
  })
}

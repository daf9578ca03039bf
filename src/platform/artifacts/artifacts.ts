/** Files that travel from one job of a run to another. */
export interface Artifacts {
  /**
   * Keeps files (absolute) under a name, with their paths relative to `root`. One of the same name that an earlier
   * attempt of this job left is replaced. `retentionDays`: how long it is kept; default what the repository has set.
   */
  upload(
    name: string,
    files: readonly string[],
    root: string,
    options?: { readonly retentionDays?: number | undefined },
  ): Promise<void>
  /** Names of what this run has kept so far. */
  list(): Promise<readonly string[]>
  /** Puts the files of an artifact into a folder. Throws a ConfigurationError when there is none of that name. */
  download(name: string, folder: string): Promise<void>
}

/** How long each kind of work may take; a server that hangs ends there. */
export interface Limits {
  /** Fetching uv from PyPI. */
  readonly uvMs: number
  /** Fetching a Python. */
  readonly pythonMs: number
  /** Making the virtual environment and installing everything. */
  readonly installMs: number
  /** Importing one package. */
  readonly importMs: number
}

export const LIMITS: Limits = {
  uvMs: 90_000,
  pythonMs: 300_000,
  installMs: 900_000,
  importMs: 60_000,
}

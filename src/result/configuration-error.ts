/** A place in a file of the user's; line and column count from 1. */
export interface Place {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

/**
 * A mistake of the user's, or something missing on the machine: not a red verdict and not a bug.
 * Shown as one line without a stack; the process ends with exit code 2.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  /** Where the mistake stands, when it stands in a file. */
  readonly place: Place | undefined
  /** What would be right, as a clause: `did you mean "platforms"?` */
  readonly fix: string | undefined

  constructor(message: string, options: { place?: Place | undefined; fix?: string | undefined } = {}) {
    super(message)
    this.place = options.place
    this.fix = options.fix
  }

  /** The whole error in one line: `mesh.yml:3:5: what was found; what would be right`. */
  get oneLine(): string {
    const place = this.place ? `${formatPlace(this.place)}: ` : ''
    const fix = this.fix ? `; ${this.fix}` : ''
    return `${place}${this.message}${fix}`.replace(/\s*[\r\n]+\s*/g, ' ')
  }
}

/** `file:line:column`, as compilers write it, so that editors and terminals can jump there. */
function formatPlace(place: Place): string {
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':')
}

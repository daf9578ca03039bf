/** How much of the checks a page shows. */
export interface Detail {
  /** Most checks of a part that are not green. */
  readonly red: number
  /** Most checks of a part that are green or were not asked. */
  readonly green: number
  /** Longest text of a red check, in characters; those of green ones are cut to a quarter. */
  readonly text: number
}

/** From the most to the least: the first with which a page leaves room for logs is taken. Green goes before red. */
export const DETAILS: readonly Detail[] = [
  { red: 500, green: 500, text: 4000 },
  { red: 200, green: 100, text: 1000 },
  { red: 50, green: 10, text: 500 },
]

/** What is left where even that is too much. */
export const LEAST: Detail = { red: 5, green: 0, text: 200 }

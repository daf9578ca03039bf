/** Where one of several that work side by side says its lines. */
export interface Turn {
  readonly line: (text: string) => void
  /** It has said all. */
  readonly over: () => void
}

/**
 * Lets so many speak one after the other, though they work side by side: the first one's lines are printed as they
 * come, those of each other one are kept until all before it are over.
 */
export function inTurn(count: number, print: (line: string) => void): (index: number) => Turn {
  const kept: string[][] = Array.from({ length: count }, () => [])
  const isOver: boolean[] = kept.map(() => false)
  let speaks = 0
  return (index) => ({
    line: (text) => {
      if (index === speaks) print(text)
      else kept[index]?.push(text)
    },
    over: () => {
      isOver[index] = true
      while (isOver[speaks] === true) {
        speaks++
        for (const text of kept[speaks] ?? []) print(text)
      }
    },
  })
}

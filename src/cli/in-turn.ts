/** Where one of several that work side by side says its lines. */
interface Turn {
  readonly line: (text: string) => void
  /** It has said all. */
  readonly over: () => void
}

/**
 * Lets several speak one after the other, though they work side by side: the lines of the one that came first are
 * printed as they come, those of each other are kept until all before it are over.
 */
export function inTurn(print: (line: string) => void): () => Turn {
  const queue: { readonly kept: string[]; isOver: boolean }[] = []
  return () => {
    const own = { kept: [] as string[], isOver: false }
    queue.push(own)
    return {
      line: (text) => {
        if (queue[0] === own) print(text)
        else own.kept.push(text)
      },
      over: () => {
        own.isOver = true
        while (queue[0]?.isOver === true) {
          queue.shift()
          for (const text of queue[0]?.kept.splice(0) ?? []) print(text)
        }
      },
    }
  }
}

import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'

/** Options of pytest that leave tests out, or end a run before all of them had their turn. */
const SELECTING =
  /^(-k|-m|-x|--exitfirst|--maxfail|--deselect|--ignore(-glob)?|--lf|--last-failed|--sw|--stepwise(-skip)?|--sw-skip|--pyargs)(=|$)|^-[km]./

/** The argument by which pytest runs a part of a folder's tests: an option, or the path of a file. */
export async function selectionIn(
  testArguments: readonly string[],
  folder: string,
): Promise<string | undefined> {
  for (const one of testArguments) {
    if (
      one.startsWith('-') ? SELECTING.test(one) : await isThere(resolve(folder, one.split('::', 1)[0] ?? ''))
    )
      return one
  }
  return undefined
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

import { input } from '../platform/declare.ts'

/** Where the binaries are that a stage starts or copies: the same for every action that takes them. */
export const binariesInput = input.path(
  'Folder of the binaries, relative to the project; default what cross-compile-go left in go.output, else its artifact of this run',
)

import { action, input, output } from '../platform/declare.ts'
import { validateReference } from '../stages/validate-python-ref/index.ts'

/** Holds the Python reference to its baseline and shows that it works. */
export default action({
  title: 'Validate the Python reference',
  description: 'Shows that no Python code was deleted and that the Python reference still works',
  stage: 'validate-python-ref',
  inputs: {
    guardOnly: input.flag('Only compares files with the baseline; needs no Python', { default: 'false' }),
    base: input.text(
      'Commit that the change started from; default the first parent of a merge, which a pull request is with fetch-depth: 2',
    ),
  },
  outputs: {
    deleted: output.json('Paths of the baseline that are gone'),
    baselineChanges: output.json('Every change since the baseline: kind, path and, of a move, to'),
  },
  async run({ inputs, project, stage }) {
    const result = await validateReference(project, inputs, stage)
    const { changes } = result.data
    return {
      result,
      outputs: {
        deleted: changes.filter(({ kind }) => kind === 'deleted').map(({ path }) => path),
        baselineChanges: changes,
      },
    }
  },
})

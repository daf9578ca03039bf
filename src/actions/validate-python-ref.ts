import { action, input, output } from '../platform/declare.ts'
import { referenceDetails } from '../stages/validate-python-ref/details.ts'
import { validateReference } from '../stages/validate-python-ref/index.ts'

/** Whether the runner has checked out a change merged into its base: a pull request, or a group of a merge queue. */
function isMergeOfChange({ GITHUB_REF, GITHUB_EVENT_NAME }: NodeJS.ProcessEnv): boolean {
  return /^refs\/pull\/\d+\/merge$/.test(GITHUB_REF ?? '') || GITHUB_EVENT_NAME === 'merge_group'
}

/** Holds the Python reference to its baseline and shows that it works. */
export default action({
  title: 'Validate the Python reference',
  description: 'Shows that no Python code was deleted and that the Python reference still works',
  stage: 'validate-python-ref',
  // A build takes every processor, and the project's tests may have limits of time.
  after: ['cross-compile-go'],
  inputs: {
    guardOnly: input.flag('Only compares files with the baseline; needs no Python', { default: 'false' }),
    base: input.text(
      'Commit that the change started from; default that of a pull request or a merge queue, checked out with fetch-depth: 2',
    ),
    testArguments: input.arguments('Further arguments for pytest, as on a command line'),
    timeout: input.duration('How long each command, and the tests of each folder, may take, as in 90s', {
      default: '10m',
    }),
  },
  outputs: {
    tests: output.json('How many tests were collected, ran, passed, failed, skipped, xfailed, by folder'),
    failures: output.json('Ids of the tests that failed'),
    deleted: output.json('Paths of the baseline that are gone'),
    baselineChanges: output.json('Every change since the baseline: kind, path and, of a move, to'),
  },
  async run({ inputs, project, stage, place }) {
    const result = await validateReference(
      project,
      {
        ...inputs,
        isMerge: isMergeOfChange(process.env),
        timeoutMs: inputs.timeout,
        places: { toolCache: place.toolCache, userCache: place.userCache, environment: process.env },
      },
      stage,
    )
    const { changes, suites } = result.data
    const failed = suites.flatMap(({ tests }) =>
      tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'error'),
    )
    return {
      result,
      details: referenceDetails(result.data),
      outputs: {
        tests: Object.fromEntries(suites.map(({ folder, counts }) => [folder, counts])),
        failures: failed.map(({ id }) => id),
        deleted: changes.filter(({ kind }) => kind === 'deleted').map(({ path }) => path),
        baselineChanges: changes,
      },
    }
  },
})

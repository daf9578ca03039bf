import { expect, test } from '@jest/globals'
import { selectionIn } from '../../../../src/stages/validate-python-ref/reference/test-selection.ts'
import { writeFiles } from '../../../support/go-module.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

test.each([
  [
    ['-v', '--durations=5', '-n', '4', '-p', 'xdist', '--import-mode=importlib', '--maxprocesses=2'],
    undefined,
  ],
  [['-v', '-k', 'one'], '-k'],
  [['-kone'], '-kone'],
  [['-m', 'not slow'], '-m'],
  [['--deselect=tests/test_a.py::test_b'], '--deselect=tests/test_a.py::test_b'],
  [['-x'], '-x'],
  [['--maxfail=1'], '--maxfail=1'],
  [['--lf'], '--lf'],
  [['tests/test_a.py::test_b[c]'], 'tests/test_a.py::test_b[c]'],
  [['tests/test_gone.py'], undefined],
])('of %j what selects a part is %s', async (testArguments, selecting) => {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, { 'tests/test_a.py': '' })
  expect(await selectionIn(testArguments, folder.path)).toBe(selecting)
})

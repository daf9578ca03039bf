import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { recordedLog } from '../../src/platform/recorded-log.ts'
import { shownLog } from '../support/logs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('a log that is kept', () => {
  test('shows everything as before and has it in the file once its scope has ended', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'logs', 'stage.log')
    const { log: shownTo, shown } = shownLog()
    {
      await using recorded = recordedLog(shownTo, file)
      recorded.log.info('one')
      recorded.log.warn('two')
      const value = await recorded.log.task('build', async (output) => {
        output('  | three')
        return 4
      })
      expect(value).toBe(4)
    }
    expect(shown).toEqual(['one', 'warning: two', '[ build', '  | three', ']'])
    expect(readFileSync(file, 'utf8')).toBe('one\nwarning: two\nbuild: begins\nbuild  | three\n')
  })

  test('tells tasks under way at once apart by their title', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'stage.log')
    {
      await using recorded = recordedLog(shownLog().log, file)
      const print = (title: string) =>
        recorded.log.task(title, async (output) => {
          output('  | 1')
          await Promise.resolve()
          output('  | 2')
        })
      await Promise.all([print('a'), print('b')])
    }
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    for (const title of ['a', 'b']) {
      expect(lines.filter((line) => line.startsWith(title))).toEqual([
        `${title}: begins`,
        `${title}  | 1`,
        `${title}  | 2`,
      ])
    }
  })

  test('is begun anew', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'stage.log')
    writeFileSync(file, 'of an earlier run\n')
    {
      await using recorded = recordedLog(shownLog().log, file)
      recorded.log.info('new')
    }
    expect(readFileSync(file, 'utf8')).toBe('new\n')
  })

  test('hands on the error of a task', async () => {
    await using folder = await temporaryFolder()
    await using recorded = recordedLog(shownLog().log, join(folder.path, 'stage.log'))
    const failing = recorded.log.task('a', async () => {
      throw new Error('broken')
    })
    await expect(failing).rejects.toThrow('broken')
  })

  test('that cannot be written warns once, goes on showing and ends', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'a-folder')
    mkdirSync(file)
    const { log, shown } = shownLog()
    {
      await using recorded = recordedLog(log, file)
      recorded.log.info('one')
      await new Promise((resolve) => setTimeout(resolve, 5))
      recorded.log.info('two')
    }
    expect(shown.filter((line) => !line.startsWith('warning'))).toEqual(['one', 'two'])
    expect(shown.filter((line) => line.startsWith('warning'))).toEqual([
      expect.stringMatching(/^warning: cannot write .*a-folder: EISDIR/),
    ])
  })
})

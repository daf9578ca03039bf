import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { endEarlier, endMarked, MARK_STATE, marked } from '../../src/process/mark.ts'
import { run } from '../../src/process/run.ts'
import { areGone, isAlive } from '../support/processes.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('a process that left its group', () => {
  test('is found by its mark and ended, however far it went', async () => {
    await using folder = await temporaryFolder()
    const script =
      "setsid sh -c '(sleep 300 & echo $! > twice) & wait; echo $$ > once; exec sleep 300' & while [ ! -s once ]; do :; done"
    await run(['sh', '-c', script], { cwd: folder.path, timeoutMs: 10_000 })
    const pids = await Promise.all(
      ['once', 'twice'].map(async (name) => Number(await readFile(join(folder.path, name), 'utf8'))),
    )
    expect(pids.every(isAlive)).toBe(true)
    expect([...endMarked()].sort()).toEqual(pids.map((pid) => `sleep (${pid})`).sort())
    expect(await areGone(pids)).toBe(true)
    expect(endMarked()).toEqual([])
  })

  test('that is of somebody else is left alone', async () => {
    expect(endMarked()).toEqual([])
    expect(isAlive(process.ppid)).toBe(true)
  })

  test('is ended by the mark that an earlier process of the action left in its state', async () => {
    await using folder = await temporaryFolder()
    await run(
      ['sh', '-c', 'setsid sh -c "echo \\$\\$ > pid; exec sleep 300" & while [ ! -s pid ]; do :; done'],
      {
        cwd: folder.path,
        timeoutMs: 10_000,
      },
    )
    const pid = Number(await readFile(join(folder.path, 'pid'), 'utf8'))
    for (const forged of ['', '1', `${MARK_STATE} `, MARK_STATE.replace(/^./, 'x')]) {
      expect(endEarlier(forged)).toEqual([])
    }
    expect(isAlive(pid)).toBe(true)
    expect(endEarlier(MARK_STATE)).toEqual([expect.stringMatching(`^(sh|sleep) \\(${pid}\\)$`)])
    expect(await areGone([pid])).toBe(true)
  })

  test('is ended by the work that started it, and not by what runs beside it', async () => {
    await using folder = await temporaryFolder()
    const left = async (name: string) => {
      const script = `setsid sh -c 'echo $$ > ${name}; exec sleep 300' & while [ ! -s ${name} ]; do :; done`
      await run(['sh', '-c', script], { cwd: folder.path, timeoutMs: 10_000 })
      return Number(await readFile(join(folder.path, name), 'utf8'))
    }
    const other = await marked(() => left('other'))
    await marked(async () => {
      const own = await left('own')
      expect(endMarked()).toEqual([expect.stringMatching(`^(sh|sleep) \\(${own}\\)$`)])
      expect(await areGone([own])).toBe(true)
      expect(isAlive(other)).toBe(true)
    })
    expect(endMarked()).toEqual([expect.stringMatching(`^(sh|sleep) \\(${other}\\)$`)])
    expect(await areGone([other])).toBe(true)
  })
})

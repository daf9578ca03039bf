import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { MARK_ASSIGNMENT } from '../../src/process/mark.ts'
import { processTable } from '../../src/process/process-table.ts'
import { run } from '../../src/process/run.ts'
import { forgetGroup, guard, wake, watchGroup } from '../../src/process/watchdog.ts'
import { areGone, isAlive } from '../support/processes.ts'
import { sourceProcess } from '../support/source-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Starts a watchdog and one shell with `script`, which prints the ids of what should go; then waits. */
const guarding = (script: string, options: { folders?: readonly string[]; env?: object } = {}) => `
  const { guard } = await import(SRC + 'process/watchdog.ts')
  const { startInGroup } = await import(SRC + 'process/group.ts')
  const watchdog = guard(${JSON.stringify(options.folders ?? [])})
  const child = startInGroup('/bin/sh', ['-c', ${JSON.stringify(script)}], { cwd: '/' })
  child.stdout.once('data', (text) => console.log(watchdog.pid + ' ' + child.pid + ' ' + text))
  process.stdin.resume()`

const numbers = (line: string) => line.trim().split(/\s+/).map(Number)

describe('when the process that it guards is killed', () => {
  test('its children go, and those that changed session or forked twice, and then the watchdog', async () => {
    const script = `
      trap '' TERM INT HUP
      setsid sh -c 'trap "" TERM INT HUP; (setsid sleep 300 & echo $$ $!)' & wait
      exec sleep 300`
    await using owner = sourceProcess(guarding(script))
    const pids = numbers(await owner.line())
    expect(pids).toHaveLength(4)
    expect(isAlive(pids[0] ?? 0)).toBe(true)
    expect(isAlive(pids[3] ?? 0)).toBe(true)
    owner.child.kill('SIGKILL')
    expect(await areGone(pids)).toBe(true)
  })

  test('before the watchdog itself has come up, they go too', async () => {
    await using owner = sourceProcess(`
      const { guard } = await import(SRC + 'process/watchdog.ts')
      const { startInGroup } = await import(SRC + 'process/group.ts')
      const { writeSync } = await import('node:fs')
      const watchdog = guard()
      const child = startInGroup('sleep', ['300'], { cwd: '/' })
      writeSync(1, watchdog.pid + ' ' + child.pid + '\\n')
      process.kill(process.pid, 'SIGKILL')`)
    const pids = numbers(await owner.line())
    expect(pids).toHaveLength(2)
    expect(await areGone(pids)).toBe(true)
  })

  test('a process that threw its environment away goes with its group', async () => {
    await using owner = sourceProcess(guarding('echo $$; exec env -i sleep 300'))
    const pids = numbers(await owner.line())
    owner.child.kill('SIGKILL')
    expect(await areGone(pids)).toBe(true)
  })

  test('the folders of those who still need it go, and those of nobody else', async () => {
    await using folder = await temporaryFolder()
    const [kept = '', gone = ''] = ['kept', 'gone'].map((name) => join(folder.path, name))
    for (const path of [kept, gone]) mkdirSync(path)
    await using owner = sourceProcess(`
      const { guard, wake } = await import(SRC + 'process/watchdog.ts')
      const [first, second] = ${JSON.stringify([kept, gone])}.map((path) => guard([path]))
      wake()
      await first[Symbol.asyncDispose]()
      console.log(second.pid)
      process.stdin.resume()`)
    const pid = Number(await owner.line())
    owner.child.kill('SIGKILL')
    expect(await areGone([pid])).toBe(true)
    expect([existsSync(kept), existsSync(gone)]).toEqual([true, false])
  })

  test('the folders that it was told of go, and no other', async () => {
    await using folder = await temporaryFolder()
    for (const name of ['told', 'other']) {
      mkdirSync(join(folder.path, name, 'deep'), { recursive: true })
      writeFileSync(join(folder.path, name, 'deep', 'file'), '')
    }
    await using owner = sourceProcess(
      guarding('echo $$; exec sleep 300', { folders: [join(folder.path, 'told')] }),
    )
    const pids = numbers(await owner.line())
    owner.child.kill('SIGKILL')
    expect(await areGone(pids)).toBe(true)
    expect(existsSync(join(folder.path, 'told'))).toBe(false)
    expect(existsSync(join(folder.path, 'other'))).toBe(true)
  })
})

describe('a watchdog', () => {
  test('goes at once after a normal end, and ends nothing', async () => {
    await using owner = sourceProcess(`
      const { guard } = await import(SRC + 'process/watchdog.ts')
      const { startInGroup } = await import(SRC + 'process/group.ts')
      const watchdog = guard()
      const child = startInGroup('sleep', ['300'], { cwd: '/' })
      const { pid } = watchdog
      await watchdog[Symbol.asyncDispose]()
      console.log(pid + ' ' + child.pid)
      child.unref()
      child.stdout.destroy()
      child.stderr.destroy()`)
    const [watchdog = 0, child = 0] = numbers(await owner.line())
    expect(isAlive(watchdog)).toBe(false)
    await owner.ended
    expect(isAlive(child)).toBe(true)
    process.kill(child, 'SIGKILL')
    expect(await areGone([child])).toBe(true)
  })

  test('does not keep a process from its end that forgot it', async () => {
    await using owner = sourceProcess(`
      const { guard, wake } = await import(SRC + 'process/watchdog.ts')
      const watchdog = guard()
      wake()
      console.log(watchdog.pid)`)
    const pid = Number(await owner.line())
    await owner.ended
    expect(await areGone([pid])).toBe(true)
  })

  test('has no mark, and a session that Ctrl-C does not reach', async () => {
    await using watchdog = guard()
    wake()
    const entry = processTable().find(({ pid }) => pid === watchdog.pid)
    expect(entry?.pgid).toBe(watchdog.pid)
    expect(entry?.carries(MARK_ASSIGNMENT)).toBe(false)
  })

  test('may be gone before it is sent away', async () => {
    await using watchdog = guard()
    wake()
    const pid = watchdog.pid ?? 0
    process.kill(pid, 'SIGKILL')
    watchGroup(pid)
    forgetGroup(pid)
    expect(await areGone([pid])).toBe(true)
  })

  test('is started for the first child, and not while nobody asks for it', async () => {
    const place = { cwd: '/', timeoutMs: 10_000 }
    const free = guard()
    await free[Symbol.asyncDispose]()
    await run(['true'], place)
    expect(free.pid).toBe(undefined)
    await using held = guard()
    expect(held.pid).toBe(undefined)
    await run(['true'], place)
    expect(isAlive(held.pid ?? 0)).toBe(true)
  })

  test('is one for all who ask for it, and stays until the last of them needs it no more', async () => {
    const first = guard()
    const second = guard()
    wake()
    const { pid = 0 } = first
    expect(second.pid).toBe(pid)
    await first[Symbol.asyncDispose]()
    expect(isAlive(pid)).toBe(true)
    await second[Symbol.asyncDispose]()
    expect(isAlive(pid)).toBe(false)
    expect(second.pid).toBe(undefined)
  })
})

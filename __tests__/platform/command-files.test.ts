import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { rememberCommandFiles } from '../../src/platform/command-files.ts'
import { run } from '../../src/process/run.ts'
import { folderWith } from '../support/project.ts'

const NAMES = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'] as const

/** A runner's folder with a file for each name, as a step finds it. */
async function runnerFiles() {
  const folder = await folderWith(
    Object.fromEntries(NAMES.map((name) => [name, `of an earlier step: ${name}\n`])),
  )
  const environment = Object.fromEntries(NAMES.map((name) => [name, join(folder.path, name)]))
  return { ...folder, environment, read: (name: string) => readFileSync(join(folder.path, name), 'utf8') }
}

describe('the files through which a step talks to the runner', () => {
  test('lose what a child found and wrote into them', async () => {
    await using files = await runnerFiles()
    const remembered = rememberCommandFiles(files.environment)
    const { code } = await run(['/bin/sh', '-c', 'for f in GITHUB_*; do echo forged=1 >> "$f"; done'], {
      cwd: files.path,
      timeoutMs: 10_000,
    })
    expect(code).toBe(0)
    for (const name of NAMES) expect(files.read(name)).toContain('forged')
    remembered.restore()
    for (const name of NAMES) expect(files.read(name)).toBe(`of an earlier step: ${name}\n`)
  })

  test('come back when a child deleted or emptied them', async () => {
    await using files = await runnerFiles()
    const remembered = rememberCommandFiles(files.environment)
    rmSync(files.environment.GITHUB_OUTPUT ?? '')
    writeFileSync(files.environment.GITHUB_ENV ?? '', '')
    remembered.restore()
    expect(files.read('GITHUB_OUTPUT')).toBe('of an earlier step: GITHUB_OUTPUT\n')
    expect(files.read('GITHUB_ENV')).toBe('of an earlier step: GITHUB_ENV\n')
  })

  test('that were not there yet are not there afterwards, though a child made them', async () => {
    await using files = await runnerFiles()
    const missing = join(files.path, 'not-made-yet')
    const remembered = rememberCommandFiles({ GITHUB_PATH: missing })
    writeFileSync(missing, '/forged\n')
    remembered.restore()
    expect(existsSync(missing)).toBe(false)
  })

  test('keep what the action itself writes after they were restored', async () => {
    await using files = await runnerFiles()
    const remembered = rememberCommandFiles(files.environment)
    remembered.restore()
    writeFileSync(files.environment.GITHUB_OUTPUT ?? '', 'verdict=pass\n')
    remembered.restore()
    expect(files.read('GITHUB_OUTPUT')).toBe('verdict=pass\n')
  })

  test('need not be there at all', () => {
    const remembered = rememberCommandFiles({ GITHUB_OUTPUT: '', GITHUB_ENV: undefined })
    expect(() => remembered.restore()).not.toThrow()
  })
})

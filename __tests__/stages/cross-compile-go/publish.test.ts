import { execFile, spawnSync } from 'node:child_process'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { lockFolder } from '../../../src/stages/cross-compile-go/folder-lock.ts'
import { writing } from '../../../src/stages/cross-compile-go/writing.ts'
import { goMesh, goWrapper, HOST_ID, SILENT } from '../../support/go-module.ts'
import { deferred } from '../../support/logs.ts'
import { describeWith } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const LOCK = '.cross-compile-go.lock'
const signal = new AbortController().signal

/** The number of a process that has ended. */
function gone(): number {
  return spawnSync(process.execPath, ['--eval', '']).pid
}

describe('the lock on a folder', () => {
  test('is had by one at a time, and is gone afterwards', async () => {
    await using folder = await temporaryFolder()
    const events: string[] = []
    const hold = async (name: string) => {
      await using _lock = await lockFolder(join(folder.path, 'bin'), signal)
      events.push(`${name} has it`)
      await readFile(join(folder.path, 'bin', LOCK))
      events.push(`${name} gives it back`)
    }
    const names = ['one', 'two', 'three', 'four']
    await Promise.all(names.map(hold))
    const had = events.filter((event) => event.endsWith('has it')).map((event) => event.split(' ')[0] ?? '')
    expect(events).toEqual(had.flatMap((name) => [`${name} has it`, `${name} gives it back`]))
    expect([...had].sort()).toEqual([...names].sort())
    expect(await readdir(join(folder.path, 'bin'))).toEqual([])
  })

  test('of a process that is gone is taken over, by one of all that wait', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, LOCK), `${gone()} left-behind\n`)
    let holders = 0
    const hold = async () => {
      await using _lock = await lockFolder(folder.path, signal)
      holders++
      await readdir(folder.path)
      expect(holders).toBe(1)
      holders--
    }
    await Promise.all([hold(), hold(), hold()])
    expect(await readdir(folder.path)).toEqual([])
  })

  test('of a living process is waited for, and after a time named', async () => {
    await using folder = await temporaryFolder()
    await using _lock = await lockFolder(folder.path, signal)
    await expect(lockFolder(folder.path, signal, 50)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: `${join(folder.path, LOCK)} is kept by process ${process.pid}`,
    })
  })

  test('is not waited for by a run that is cancelled', async () => {
    await using folder = await temporaryFolder()
    await using _lock = await lockFolder(folder.path, signal)
    const controller = new AbortController()
    const waiting = lockFolder(folder.path, controller.signal)
    controller.abort(new Error('cancelled'))
    await expect(waiting).rejects.toThrow('cancelled')
  })
})

describeWith(['go', 'sha256sum'])('two runs at once into one folder', () => {
  test('do not mix: what the last one placed is whole, and each says what it placed', async () => {
    await using mesh = await goMesh()
    // The first run stays in its second build until the other has ended.
    await using _wrapper = await goWrapper(
      mesh.directory,
      `case "$1 $GOCACHE" in "build "*/again-*)
  while [ ! -e '${mesh.directory}/go-on' ]; do sleep 0.02; done; exit 1;;
esac
exec "$GO" "$@"`,
    )
    const begun = deferred()
    const says = (word: string) => ({
      'cmd/mcp-mesh-dev/main.go': SILENT.replace('{}', `{ println("${word}") }`),
    })
    await mesh.write(says('first'))
    const running = mesh.compile(
      { reproducible: true },
      { onTask: (title) => title === 'build again, elsewhere' && begun.resolve() },
    )
    await Promise.race([begun.promise, running])
    await mesh.write(says('second'))
    const second = await mesh.compile()
    await mesh.write({ 'go-on': '' })
    const first = await running
    expect(await mesh.read('bin/SHA256SUMS')).toBe(
      first.data.binaries.map(({ sha256, path }) => `${sha256}  ${path}\n`).join(''),
    )
    const { stdout } = await promisify(execFile)('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
      cwd: join(mesh.directory, 'bin'),
    })
    expect(stdout.match(/: OK$/gm)).toHaveLength(2)
    expect(second.data.binaries[1]?.sha256).not.toBe(first.data.binaries[1]?.sha256)
  })
})

describeWith(['go'])('a place that cannot be written to is refused in one line', () => {
  test('a folder that has the name of a binary', async () => {
    await using mesh = await goMesh()
    await mkdir(join(mesh.directory, 'bin', `mcp-mesh-dev-${HOST_ID}`, 'inside'), { recursive: true })
    await expect(mesh.compile()).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: `cannot write ${join(mesh.directory, 'bin', `mcp-mesh-dev-${HOST_ID}`)}: a folder has its name (EISDIR)`,
    })
    expect(await readdir(mesh.temporary)).toEqual([])
    expect(await readdir(join(mesh.directory, 'bin'))).not.toContain(LOCK)
  })

  test('a folder that has the name of the manifest', async () => {
    await using mesh = await goMesh()
    await mkdir(join(mesh.directory, 'bin', 'binaries.json'), { recursive: true })
    await expect(mesh.compile({ commands: ['cli'] })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/^cannot write .*binaries\.json: a folder has its name \(EISDIR\)$/),
    })
    expect((await readdir(join(mesh.directory, 'bin'))).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('a file that a preparation puts where the folder should be', async () => {
    await using mesh = await goMesh({ before: [['touch', 'bin']] })
    await expect(mesh.compile({ commands: ['cli'] })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(
        /^cannot write .*\/bin: a file stands where a folder should be \(EEXIST\)$/,
      ),
    })
  })

  test('a disk that is full, as /dev/full is', async () => {
    await using mesh = await goMesh()
    await mkdir(join(mesh.directory, 'bin'))
    await symlink('/dev/full', join(mesh.directory, 'bin', `.SHA256SUMS.${process.pid}.part`))
    await expect(mesh.compile({ commands: ['cli'] })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/^cannot write .*SHA256SUMS: no space left on device \(ENOSPC\)$/),
    })
  })

  test.each(['EROFS', 'EACCES', 'ENOTDIR'])('whatever gives %s', async (code) => {
    const refused = writing('/out/registry', () => Promise.reject(Object.assign(new Error('no'), { code })))
    await expect(refused).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(new RegExp(`^cannot write /out/registry: .* \\(${code}\\)$`)),
    })
  })

  test('and what is no mistake of the user keeps its stack', async () => {
    const bug = new TypeError('bug')
    await expect(writing('/out/registry', () => Promise.reject(bug))).rejects.toBe(bug)
  })
})

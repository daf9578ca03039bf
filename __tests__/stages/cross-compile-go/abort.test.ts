import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { environmentWith } from '../../support/environment.ts'
import { FOREIGN, goMesh, goWrapper, HOST, type Mesh } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'

/** Command lines of the living processes whose environment holds this mark. */
async function marked(mark: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue
    // A process may end while it is looked at.
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
    if (environment.includes(mark)) found.push(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))
  }
  return found
}

/** Runs the stage with every child marked, and aborts it once one of them is at work whose command line matches. */
async function abortedAt(mesh: Mesh, atWork: RegExp, options: Parameters<Mesh['compile']>[0] = {}) {
  const mark = `MESH_TEST=${mesh.directory}`
  const controller = new AbortController()
  process.env.MESH_TEST = mesh.directory
  let over = false
  const running = mesh
    .compile(options, { signal: controller.signal })
    .catch((error: unknown) => error)
    .finally(() => {
      over = true
    })
  while (!over && !(await marked(mark)).some((line) => atWork.test(line))) await setImmediate()
  if (over) throw new Error(`ended before ${atWork} was seen`, { cause: await running })
  controller.abort(new Error('cancelled'))
  const ended = await running
  delete process.env.MESH_TEST
  return { ended, left: await marked(mark) }
}

const compiler = /\/compile\0/

describeWith(['go'])('a run that is cancelled', () => {
  test('while Go compiles rejects, and leaves no process, no temporary folder and nothing half written', async () => {
    await using mesh = await goMesh({ go: { platforms: [HOST, FOREIGN, 'linux/arm64', 'darwin/arm64'] } })
    const system = join(mesh.directory, 'system-tmp')
    await mkdir(system)
    // With an empty cache there is enough to compile.
    using _place = environmentWith({ GOCACHE: join(mesh.directory, 'cache'), TMPDIR: system })
    const { ended, left } = await abortedAt(mesh, compiler)
    expect(ended).toMatchObject({ message: 'cancelled' })
    expect(left).toEqual([])
    expect(await readdir(mesh.temporary)).toEqual([])
    // Where Go would leave its own work folder when it is ended in the middle.
    expect(await readdir(system)).toEqual([])
    expect(await readdir(mesh.directory)).not.toContain('bin')
  })

  test('waits for the slowest: a build that does not heed the signal is gone as well', async () => {
    await using mesh = await goMesh({ go: { platforms: [HOST, FOREIGN] } })
    await using _wrapper = await goWrapper(
      mesh.directory,
      `[ "$1" = build ] || exec "$GO" "$@"
if [ "$GOOS" = windows ]; then trap '' TERM; fi
while [ "$1" != -o ]; do shift; done
mkdir -p "$2"
tail -f /dev/null "for $GOOS" 2>/dev/null`,
    )
    const { ended, left } = await abortedAt(mesh, /^tail\0.*for windows/)
    expect(ended).toMatchObject({ message: 'cancelled' })
    expect(left).toEqual([])
    expect(await readdir(mesh.temporary)).toEqual([])
  })

  test('while it builds again keeps what was built before, without half a file among it', async () => {
    await using mesh = await goMesh()
    await mesh.compile()
    const before = (await readdir(join(mesh.directory, 'bin'))).sort()
    const { ended, left } = await abortedAt(mesh, compiler, { reproducible: true })
    expect(ended).toMatchObject({ message: 'cancelled' })
    expect(left).toEqual([])
    expect(await readdir(mesh.temporary)).toEqual([])
    expect((await readdir(join(mesh.directory, 'bin'))).sort()).toEqual(before)
  })

  test('while a preparation runs ends that, with its children, and builds nothing', async () => {
    await using mesh = await goMesh({
      before: [['sh', '-c', 'trap "" TERM; tail -f /dev/null & tail -f /dev/null; wait']],
    })
    const { ended, left } = await abortedAt(mesh, /^tail\0/)
    expect(ended).toMatchObject({ message: 'cancelled' })
    expect(left).toEqual([])
    expect(await readdir(mesh.directory)).not.toContain('bin')
  })

  test('before it began builds nothing', async () => {
    await using mesh = await goMesh({ before: [['node', '--version']] })
    const signal = AbortSignal.abort(new Error('cancelled'))
    await expect(mesh.compile({}, { signal })).rejects.toThrow('cancelled')
    expect(await readdir(mesh.temporary)).toEqual([])
    expect(await readdir(mesh.directory)).not.toContain('bin')
  })
})

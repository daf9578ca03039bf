import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { isFree } from '../../../src/process/services/ports.ts'
import { areGone, isAlive } from '../../support/processes.ts'
import { pythonService } from '../../support/services.ts'
import { sourceProcess } from '../../support/source-process.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** Another supervisor with one Python service, of which it prints port and ids once `event` has come. */
function supervisor(script: string, folder: string, event: 'starting' | 'ready' | 'stopping') {
  const { argv } = pythonService(script, folder).command({ host: '', port: 0, url: '' })
  return sourceProcess(`
    const { startService } = await import(SRC + 'process/services/index.ts')
    const { surroundings } = await import(SRC + 'process/services/surroundings.ts')
    const { answers } = await import(SRC + 'process/services/readiness.ts')
    const stage = surroundings({
      logs: ${JSON.stringify(join(folder, 'logs'))},
      signal: new AbortController().signal,
      folders: [${JSON.stringify(join(folder, 'temporary'))}],
      shown: (line) => {
        const found = /\\| pids (.*)/.exec(line)
        if (found) pids = found[1]
        if (found && '${event}' === 'starting') tell()
      },
    })
    let pids, port
    const tell = () => console.log(JSON.stringify([port, stage.watchdog.pid, ...pids.split(' ').map(Number)]))
    const service = await startService({
      name: 'registry',
      port: 'free',
      readiness: answers('/'),
      timeoutMs: 60_000,
      graceMs: 60_000,
      command: (address) => {
        port = address.port
        return { argv: ${JSON.stringify(argv)}, cwd: '/', env: { PORT: String(port) } }
      },
    }, stage)
    if ('${event}' === 'stopping') void service.stop()
    if ('${event}' !== 'starting') tell()
    process.stdin.resume()`)
}

const FAMILY = `
signal.signal(signal.SIGTERM, signal.SIG_IGN)
near = subprocess.Popen(['sleep', '300'])
far = subprocess.Popen(['sleep', '300'], start_new_session=True)
twice = subprocess.run(['setsid', 'sh', '-c', '(setsid sleep 300 >/dev/null 2>&1 & echo $!)'], stdout=subprocess.PIPE).stdout
print('pids', os.getpid(), near.pid, far.pid, int(twice))
`

describe('a supervisor that is killed', () => {
  test.each([
    ['while its service comes up', 'starting', 'time.sleep(300)'],
    ['while its service runs', 'ready', 'serve()'],
    ['while it stops its service', 'stopping', 'serve()'],
  ] as const)('%s leaves no process, no temporary folder and no port', async (_, event, end) => {
    await using folder = await temporaryFolder()
    mkdirSync(join(folder.path, 'temporary', 'deep'), { recursive: true })
    await using owner = supervisor(FAMILY + end, folder.path, event)
    const [port, ...pids]: number[] = JSON.parse(await owner.line())
    expect(pids).toHaveLength(5)
    expect(pids.every(isAlive)).toBe(true)
    owner.child.kill('SIGKILL')
    expect(await areGone(pids)).toBe(true)
    expect(existsSync(join(folder.path, 'temporary'))).toBe(false)
    expect(await isFree(port ?? 0)).toBe(true)
  })
})

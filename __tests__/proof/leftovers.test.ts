import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { portsHeld } from '../../scripts/proof/integration/ports.ts'
import { processesAndFiles } from '../../scripts/proof/leftovers.ts'
import { oneOf, randomFrom } from '../../scripts/proof/random.ts'
import { reservePort } from '../../src/process/services/ports.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const onLinux = process.platform === 'linux' ? test : test.skip

onLinux(
  'the proof finds a process, a file and a port that were left, and nothing where nothing was',
  async () => {
    await using folder = await temporaryFolder()
    await using other = await temporaryFolder()
    await using reserved = await reservePort()
    const log = join(other.path, 'services.log')
    writeFileSync(log, `     1 ms registry  = starts for 127.0.0.1:${reserved.port}\n`)
    const run = { trace: `/proof-${folder.path}`, temporary: folder.path, log }
    const leftovers = async () => [...processesAndFiles(run), ...(await portsHeld(run))]
    expect(await leftovers()).toEqual([])

    const child = spawn('sleep', ['300'], {
      env: { PATH: `${process.env.PATH}:${run.trace}` },
      stdio: 'ignore',
    })
    const gone = new Promise((resolve) => child.once('exit', resolve))
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(reserved.port, '127.0.0.1', resolve))
    writeFileSync(join(folder.path, 'scratch'), '')
    try {
      expect(await leftovers()).toEqual([
        `process ${child.pid}: sleep 300 `,
        'file scratch',
        `port ${reserved.port}`,
      ])
    } finally {
      child.kill('SIGKILL')
      await gone
      await new Promise((resolve) => server.close(resolve))
    }
  },
)

test('the proof chooses the same for the same seed, and all there is', () => {
  const drawn = (seed: number) => {
    const random = randomFrom(seed)
    return Array.from({ length: 200 }, () => oneOf(random, ['a', 'b', 'c']))
  }
  expect(drawn(7)).toEqual(drawn(7))
  expect(drawn(7)).not.toEqual(drawn(8))
  expect(new Set(drawn(7))).toEqual(new Set(['a', 'b', 'c']))
})

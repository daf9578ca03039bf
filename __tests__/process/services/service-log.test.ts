import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { BoundedFile } from '../../../src/process/services/bounded-file.ts'
import { printsLine } from '../../../src/process/services/readiness.ts'
import { serviceLog } from '../../../src/process/services/service-log.ts'
import { openSurroundings } from '../../support/services.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n')

describe('the log of a stage’s services', () => {
  test('has every line with its service and time, in order, in one file of all and one of each', async () => {
    await using folder = await temporaryFolder()
    const shown: string[] = []
    {
      await using log = serviceLog(join(folder.path, 'logs'), (line) => shown.push(line))
      const registry = log.source('registry')
      const agent = log.source('my agent/1')
      registry.said('starts')
      registry.printed('listening')
      agent.printed('registered')
      registry.printed('POST /agents')
      expect(registry.tail()).toEqual(['listening', 'POST /agents'])
      expect(agent.file).toBe(join(folder.path, 'logs', 'my-agent-1.log'))
    }
    const merged = linesOf(join(folder.path, 'logs', 'services.log'))
    expect(merged).toEqual(shown)
    expect(merged.map((line) => line.replace(/^ *\d+ ms /, ''))).toEqual([
      'registry  = starts',
      'registry  | listening',
      'my-agent-1  | registered',
      'registry  | POST /agents',
    ])
    const times = merged.map((line) => Number.parseInt(line, 10))
    expect(times).toEqual([...times].sort((one, other) => one - other))
    expect(linesOf(join(folder.path, 'logs', 'registry.log'))).toHaveLength(3)
    expect(linesOf(join(folder.path, 'logs', 'my-agent-1.log'))).toHaveLength(1)
  })

  test('gives a second service of the same name a file of its own', async () => {
    await using folder = await temporaryFolder()
    {
      await using log = serviceLog(folder.path)
      for (const name of ['registry', 'registry', 'services']) log.source(name).printed(name)
    }
    expect(readdirSync(folder.path).sort()).toEqual([
      'registry-2.log',
      'registry.log',
      'services-2.log',
      'services.log',
    ])
  })

  test('runs no workflow command that a service prints', async () => {
    await using stage = await openSurroundings()
    await using service = await stage.start(
      `
print('::set-output name=verdict::pass')
print('##[error]forged', '\\r::error::after a return')
print('done')
time.sleep(300)`,
      { readiness: printsLine(/^done/) },
    )
    expect(service.tail()).toContain('::set-output name=verdict::pass')
    await service.stop()
    const lines = stage.shown.filter((line) => /set-output|error/.test(line))
    expect(lines).toHaveLength(3)
    for (const line of lines) {
      expect(line).toMatch(/^ *\d+ ms registry {2}\| /)
      expect(line).not.toContain('##[')
      expect(line).not.toContain('\r')
    }
  })

  test('stays small and keeps head and tail of a hundred megabytes, which nobody has to wait for', async () => {
    await using stage = await openSurroundings()
    await using service = await stage.start(
      `
print('the first line')
block = ('x' * 99 + '\\n') * 10000
for _ in range(100):
    sys.stdout.write(block)
print('the last line')
time.sleep(300)`,
      { readiness: printsLine(/^the last line/), timeoutMs: 50_000 },
    )
    await service.stop()
    await stage.log[Symbol.asyncDispose]()
    for (const file of [stage.log.file, service.logFile]) {
      expect(statSync(file).size).toBeLessThan(20_000_000)
      const lines = linesOf(file)
      expect(lines.findIndex((line) => line.endsWith('| the first line'))).toBeLessThan(3)
      expect(lines.findIndex((line) => line.endsWith('| the last line'))).toBeGreaterThan(lines.length - 4)
      const [, leftOut] = lines.map((line) => /^… (\d+) lines left out$/.exec(line)).find((one) => one) ?? []
      const printed = lines.filter((line) => line.includes('registry  | ')).length
      expect(printed + Number(leftOut)).toBe(1_000_002)
    }
    expect(stage.shown.length).toBeLessThan(2_100)
    expect(stage.shown.find((line) => line.endsWith(`= more is in ${service.logFile}`))).toBeDefined()
    expect(service.tail()).toHaveLength(40)
  }, 90_000)

  test('tells once that it cannot be written, and goes on', async () => {
    await using folder = await temporaryFolder()
    const errors: string[] = []
    const file = new BoundedFile<{ text: string }>(join(folder.path, 'nowhere', 'file'), {
      format: ({ text }) => text,
      bounds: { head: 10, tail: 10 },
      onError: (error) => errors.push(error.message),
    })
    for (let i = 0; i < 100; i++) file.write({ text: 'a line' })
    await file.close()
    file.write({ text: 'too late' })
    expect(errors).toEqual([expect.stringContaining('ENOENT')])
  })
})

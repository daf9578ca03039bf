import { createServer } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { HOST, reservePort } from '../../../src/process/services/ports.ts'
import { sourceProcess } from '../../support/source-process.ts'

/** Listens at a port and stops again; rejects when that is not possible. */
function listenOnce(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, HOST, () => server.close(() => resolve()))
  })
}

describe('a reserved port', () => {
  test('is below the ports that systems hand out, and somebody can listen there', async () => {
    await using reserved = await reservePort()
    expect(reserved.port).toBeGreaterThanOrEqual(20_000)
    expect(reserved.port).toBeLessThan(30_000)
    await listenOnce(reserved.port)
  })

  test('is not given twice', async () => {
    const reserved = await Promise.all(Array.from({ length: 50 }, reservePort))
    try {
      expect(new Set(reserved.map(({ port }) => port)).size).toBe(50)
    } finally {
      await Promise.all(reserved.map((one) => one[Symbol.asyncDispose]()))
    }
  })

  test('is not given to another process at the same time', async () => {
    // Two that want 400 of 10,000 each, one by one and in different orders, would meet about 16 times.
    const script = `
      const { reservePort } = await import(SRC + 'process/services/ports.ts')
      const ports = []
      for (let i = 0; i < 400; i++) ports.push((await reservePort()).port)
      console.log(JSON.stringify(ports))
      process.stdin.resume()`
    await using first = sourceProcess(script)
    await using second = sourceProcess(script)
    const ports = (await Promise.all([first.line(), second.line()])).flatMap((line) => JSON.parse(line))
    expect(ports).toHaveLength(800)
    expect(new Set(ports).size).toBe(800)
  })

  test('does not outlive a process that was killed', async () => {
    await using owner = sourceProcess(`
      const { reservePort } = await import(SRC + 'process/services/ports.ts')
      console.log((await reservePort()).port)
      process.stdin.resume()`)
    const port = Number(await owner.line())
    await expect(listenOnce(port - 10_000)).rejects.toThrow('EADDRINUSE')
    owner.child.kill('SIGKILL')
    await owner.ended
    await listenOnce(port - 10_000)
  })

  test('is never one at which somebody listens', async () => {
    await using taken = await reservePort()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(taken.port, HOST, resolve))
    try {
      // The same port again, were it not listened at: its reservation is given up.
      await taken[Symbol.asyncDispose]()
      const reserved = await Promise.all(Array.from({ length: 200 }, reservePort))
      expect(reserved.map(({ port }) => port)).not.toContain(taken.port)
      for (const one of reserved) await one[Symbol.asyncDispose]()
    } finally {
      server.close()
    }
  })
})

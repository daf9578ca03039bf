import { createServer, type RequestListener } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import { isRegistration, recorder } from '../../src/mesh/recorder.ts'
import { reservePort } from '../../src/process/services/ports.ts'
import { listening } from '../support/listening.ts'

/** A registry that answers like this, with a recorder before it. */
async function recorded(answer: RequestListener) {
  const server = await listening(createServer(answer))
  const host = `127.0.0.1:${server.port}`
  const between = await recorder(`http://${host}`)
  return {
    ...between,
    host,
    async [Symbol.asyncDispose]() {
      await between[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

describe('what stands between an agent and its registry', () => {
  test('passes requests and answers on as they are, and remembers them in their order', async () => {
    await using between = await recorded((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        response.writeHead(201, { 'x-registry': 'go', 'content-type': 'application/json' })
        const body = Buffer.concat(chunks).toString()
        response.end(JSON.stringify([request.method, request.url, request.headers.host, body]))
      })
    })
    const body = 'x'.repeat(300_000)
    const answer = await fetch(`${between.url}/agents/register?dry=1`, { method: 'POST', body })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('x-registry')).toBe('go')
    // The host is the registry's, as an agent would name it that had nobody between.
    expect(await answer.json()).toEqual(['POST', '/agents/register?dry=1', between.host, body])
    await fetch(`${between.url}/agents`)
    expect(between.requests).toEqual([
      { method: 'POST', path: '/agents/register', status: 201, refusal: '' },
      { method: 'GET', path: '/agents', status: 201, refusal: '' },
    ])
  })

  test('remembers a request when it comes, and how it was answered when that is known', async () => {
    let answer = () => {}
    const isAsked = new Promise<void>((resolve) => {
      answer = resolve
    })
    let go = () => {}
    await using between = await recorded((_, response) => {
      go = () => response.writeHead(201).end()
      answer()
    })
    const asked = fetch(`${between.url}/agents/register`, { method: 'POST' })
    await isAsked
    expect(between.requests).toEqual([
      { method: 'POST', path: '/agents/register', status: 'awaited', refusal: '' },
    ])
    go()
    await between.registered
    await asked
    expect(between.requests).toMatchObject([{ status: 201 }])
  })

  test('keeps the beginning of a refusal', async () => {
    await using between = await recorded((_, response) => {
      response.writeHead(422).end(`no such field ${'.'.repeat(1_000)}`)
    })
    expect((await (await fetch(between.url)).text()).length).toBeGreaterThan(1_000)
    expect(between.requests).toEqual([
      { method: 'GET', path: '/', status: 422, refusal: expect.stringMatching(/^no such field \.{386}$/) },
    ])
  })

  test('breaks the connection where the registry gives no answer, and says so', async () => {
    await using between = await recorded((request) => request.socket.destroy())
    await expect(fetch(between.url)).rejects.toThrow()
    expect(between.requests).toEqual([
      { method: 'GET', path: '/', status: 'none', refusal: 'socket hang up' },
    ])
  })

  test('does the same where nobody listens', async () => {
    await using reserved = await reservePort()
    await using between = await recorder(`http://127.0.0.1:${reserved.port}`)
    await expect(fetch(between.url)).rejects.toThrow()
    expect(between.requests[0]).toMatchObject({
      status: 'none',
      refusal: `connect ECONNREFUSED 127.0.0.1:${reserved.port}`,
    })
  })

  test('lets an agent go that is still waiting when it is no longer needed', async () => {
    let asked = () => {}
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve
    })
    const between = await recorded(() => asked())
    const waiting = fetch(between.url).then(
      () => 'answered',
      () => 'let go',
    )
    await isAsked
    await between[Symbol.asyncDispose]()
    expect(await waiting).toBe('let go')
  })
})

test('a registration is told from heartbeats and questions', () => {
  const asks = (method: string, path: string) => isRegistration({ method, path })
  expect([asks('POST', '/agents/register'), asks('POST', '/registrations')]).toEqual([true, true])
  expect([asks('POST', '/heartbeat'), asks('GET', '/agents/register')]).toEqual([false, false])
})

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { type Action, action, input } from '../../src/platform/declare.ts'
import { loginsIn, secretWords, withNetrc } from '../../src/platform/netrc.ts'
import { perform } from '../../src/platform/perform.ts'
import { ConfigurationError } from '../../src/result/configuration-error.ts'
import { judge } from '../../src/result/judge.ts'
import { rememberingRunner } from '../support/actions.ts'
import { environmentWith } from '../support/environment.ts'
import { folderWith } from '../support/project.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const NETRC = 'machine git.example login ada password hunter2hunter2\nmachine other.example account acc0unt'

describe('a .netrc', () => {
  test('has its passwords and accounts as secrets, and not its machines', () => {
    expect(secretWords(NETRC)).toEqual(['hunter2hunter2', 'acc0unt'])
    expect(secretWords('')).toEqual([])
  })

  test('may have a token as its login, and a password of several words', () => {
    const token = 'ghp_0123456789abcdefghij'
    expect(secretWords(`machine a login ${token} password x-oauth-basic`)).toEqual([token, 'x-oauth-basic'])
    expect(secretWords('machine a login ada password "my long secret"')).toEqual(['my long secret'])
  })

  test.each([
    ['machine a login b password c', [['a', 'b', 'c']]],
    ['machine a\n\tlogin b\n\tpassword c\nmachine d:8443 password f login e', ['abc', ['d:8443', 'e', 'f']]],
    ['machine a login b password "c d"', [['a', 'b', 'c d']]],
    ['machine a login b password c\nmachine a login x password y', ['abc']],
    ['machine a login b account c\ndefault login d password e', []],
    ['machine a login b\nmachine c password d', []],
  ])('%j has whole logins by machine', (text, logins) => {
    expect(loginsIn(text).map(({ machine, login, password }) => [machine, login, password])).toEqual(
      logins.map((one) => [...one]),
    )
  })

  test('is in files of this user alone while it is needed, and nowhere afterwards', async () => {
    await using folder = await temporaryFolder()
    using _before = environmentWith({ NETRC: '/mine', GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'a.b' })
    const before = { ...process.env }
    const seen = await withNetrc(NETRC, folder.path, async () => ({
      text: readFileSync(process.env.NETRC ?? '', 'utf8'),
      modes: readdirSync(folder.path).map((name) => statSync(join(folder.path, name)).mode & 0o777),
      count: process.env.GIT_CONFIG_COUNT,
    }))
    expect(seen).toEqual({ text: `${NETRC}\n`, modes: [0o600, 0o600], count: '3' })
    expect(readdirSync(folder.path)).toEqual([])
    expect(process.env).toEqual(before)
  })

  test('is none where there is none', async () => {
    await expect(withNetrc(undefined, '/nowhere', async () => process.env.NETRC)).resolves.toBe(
      process.env.NETRC,
    )
  })

  test('that is something else is refused without being repeated', () => {
    expect(() => input.netrc('n').parse('hunter2hunter2')).toThrow(
      new ConfigurationError('expected machine, login and password'),
    )
  })
})

test('a secret that a child or a check tells is hidden in the log, its file and the result', async () => {
  await using folder = await folderWith({ 'workspace/go.mod': '', 'temporary/.keep': '' })
  const workspace = join(folder.path, 'workspace')
  const place = rememberingRunner(workspace, join(folder.path, 'temporary'))
  const masked: string[] = []
  const declared = action({
    title: 'Leaky',
    description: 'For tests',
    stage: 'setup-mesh-toolchain',
    inputs: { netrc: input.netrc('n') },
    outputs: {},
    run: async ({ inputs, stage }) => {
      const [secret = ''] = secretWords(inputs.netrc ?? '')
      stage.log.info(`found ${secret}`)
      await stage.log.task('child', async (output) => output(`  | printed ${secret}`))
      const result = judge({
        stage: 'setup-mesh-toolchain',
        attempt: 1,
        commit: 'c0ffee',
        startedAt: new Date(0),
        endedAt: new Date(1),
        checks: [
          { id: 'modules', title: 'modules', verdict: 'fail', detail: `https://ada:${secret}@git.example` },
        ],
        required: [],
        tools: {},
        data: { said: [secret] },
      })
      return { result, outputs: {} }
    },
  }) as unknown as Action
  const { result } = await perform(
    declared,
    {
      text: (name) => (name === 'netrc' ? NETRC : ''),
      label: (name) => name,
      signal: new AbortController().signal,
    },
    { ...place.runner, mask: (secret) => masked.push(secret) },
  )
  expect(masked).toEqual(['hunter2hunter2', 'acc0unt'])
  expect(result?.checks[0]?.detail).toBe('https://ada:***@git.example')
  const out = join(workspace, '.mesh')
  const written = ['results/setup-mesh-toolchain.json', 'logs/setup-mesh-toolchain.log'].map((name) =>
    readFileSync(join(out, name), 'utf8'),
  )
  expect(written.join('\n')).toContain('printed ***')
  expect([...written, ...place.shown].join('\n')).not.toContain('hunter2')
})

describe('variables of a job', () => {
  const { parse } = input.variables('v')

  test('are lines of NAME=value, whatever is in the value', () => {
    expect(parse('GOPROXY=https://proxy.example,direct\n\n  A=b = c\n')).toEqual({
      GOPROXY: 'https://proxy.example,direct',
      A: 'b = c',
    })
    expect(parse('')).toEqual({})
  })

  test.each([
    ['GOPROXY', 'expected NAME=value, found "GOPROXY"'],
    ['1A=secret', 'expected NAME=value, found "1A"'],
    ['GITHUB_ENV=/x', 'GITHUB_ENV belongs to the runner'],
    ['NODE_OPTIONS=--require x', 'NODE_OPTIONS belongs to the runner'],
    ['PATH=/x', 'PATH belongs to the runner'],
  ])('%j is refused', (text, message) => {
    expect(() => parse(text)).toThrow(new ConfigurationError(message))
  })
})

test.each([
  ['', undefined],
  ['0', undefined],
  ['90', 90],
])('%j days is %j', (text, days) => {
  expect(input.days('d').parse(text)).toBe(days)
})

test.each(['-1', '401', '1.5', 'many'])('%j days is refused', (text) => {
  expect(() => input.days('d').parse(text)).toThrow('expected a number of days from 1 to 400')
})

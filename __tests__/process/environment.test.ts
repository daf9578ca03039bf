import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { childEnvironment } from '../../src/process/environment.ts'
import { run } from '../../src/process/run.ts'

const FILES = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY']
const word = fc.stringMatching(/^[A-Z0-9_]{0,12}$/)
/** What git sets for a hook, and some that lead it elsewhere. */
const REPOSITORY = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_QUARANTINE_PATH']
const privateName = fc.oneof(
  fc.constantFrom(...FILES, ...REPOSITORY),
  fc.tuple(fc.constantFrom('ACTIONS_', 'INPUT_', 'STATE_'), word).map((parts) => parts.join('')),
)
const publicName = fc.oneof(
  fc.constantFrom(
    'RUNNER_TRACKING_ID',
    'RUNNER_TEMP',
    'GITHUB_SHA',
    'GIT_SSH_COMMAND',
    'GIT_CONFIG_COUNT',
    'GITHUB_OUTPUTS',
    'CI',
    'PATH',
    'MY_INPUT_X',
    'STATE',
  ),
  word.map((rest) => `X${rest}`),
)

describe("a child's environment", () => {
  test('has nothing through which a step talks to its runner or a hook to its repository, in any case of letters', () => {
    const name = fc.oneof(
      privateName,
      privateName.map((one) => one.toLowerCase()),
    )
    fc.assert(
      fc.property(fc.dictionary(name, fc.string(), { minKeys: 1 }), (secret) => {
        expect(childEnvironment(secret)).toEqual({})
      }),
    )
  })

  test('has everything else, the mark by which a runner finds its orphans included', () => {
    const open = fc.dictionary(publicName, fc.string(), { minKeys: 1 })
    fc.assert(
      fc.property(open, fc.dictionary(privateName, fc.string()), (kept, secret) => {
        const base = { ...secret, ...kept, RUNNER_TRACKING_ID: 'github_1' }
        expect(childEnvironment(base)).toEqual({ ...kept, RUNNER_TRACKING_ID: 'github_1' })
      }),
    )
  })

  test('takes changes: a value sets, undefined unsets', () => {
    const base = { A: '1', B: '2', UNSET: undefined }
    expect(childEnvironment(base, { B: undefined, C: '3' })).toEqual({ A: '1', C: '3' })
    expect(base).toEqual({ A: '1', B: '2', UNSET: undefined })
  })

  test('is what a real child sees', async () => {
    const planted = {
      ...Object.fromEntries(FILES.map((name) => [name, '/tmp/x'])),
      ACTIONS_RUNTIME_TOKEN: 'secret',
      ACTIONS_RESULTS_URL: 'secret',
      INPUT_PLATFORMS: 'secret',
      'INPUT_ON-INCONCLUSIVE': 'secret',
      STATE_PID: 'secret',
      RUNNER_TRACKING_ID: 'github_1',
    }
    const before = { ...process.env }
    Object.assign(process.env, planted)
    try {
      const { stdout } = await run([process.execPath, '-p', 'JSON.stringify(process.env)'], {
        cwd: '/',
        env: { GIVEN: 'yes', HOME: undefined, NODE_OPTIONS: undefined },
        timeoutMs: 20_000,
        stdout: 'capture',
      })
      const seen = JSON.parse(stdout)
      expect(Object.keys(seen).filter((name) => /^(ACTIONS|INPUT|STATE)_/.test(name))).toEqual([])
      for (const name of FILES) expect(seen).not.toHaveProperty(name)
      expect(seen).toMatchObject({ RUNNER_TRACKING_ID: 'github_1', PATH: before.PATH, GIVEN: 'yes' })
      expect(seen).not.toHaveProperty('HOME')
    } finally {
      for (const name of Object.keys(planted)) {
        const value = before[name]
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    }
  })
})

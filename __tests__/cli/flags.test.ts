import { describe, expect, test } from '@jest/globals'
import { Command } from 'commander'
import { addFlags } from '../../src/cli/flags.ts'
import { type Action, action, input } from '../../src/platform/declare.ts'

const declared = (stage: Action['stage'], inputs: Action['inputs']) =>
  action({
    title: 't',
    description: 'd',
    ...(stage === undefined ? {} : { stage }),
    inputs,
    outputs: {},
    run: async () => ({ outputs: {} }),
  })

/** What the help says of each flag. */
function helpOf(...actions: Action[]) {
  const command = new Command()
  addFlags(command, actions)
  return Object.fromEntries(command.options.map(({ flags, description }) => [flags, description]))
}

describe('the help of a flag', () => {
  test('says what it means to each stage, where several have it and mean something else', () => {
    const build = declared('cross-compile-go', { timeout: input.duration('For a build', { default: '10m' }) })
    const images = declared('docker-smoke', { timeout: input.duration('For an image', { default: '30s' }) })
    expect(helpOf(build, images)).toMatchObject({
      '--timeout <time>':
        'cross-compile-go: For a build (default: 10m); docker-smoke: For an image (default: 30s)',
    })
  })

  test('stands once where they mean the same', () => {
    const inputs = { tags: input.list('Build tags') }
    expect(helpOf(declared('cross-compile-go', inputs), declared('docker-smoke', inputs))).toMatchObject({
      '--tags <a,b>': 'Build tags',
    })
  })

  test('says of one that can only say no that it turns something off', () => {
    const setup = declared('setup-mesh-toolchain', { go: input.flag('Sets Go up', { default: 'true' }) })
    expect(helpOf(setup)).toMatchObject({ '--no-go': 'turns off: Sets Go up' })
  })

  test('names no flag for what a terminal does not have: artifacts and caches between runs', async () => {
    const stages = ['setup-mesh-toolchain', 'go-python-integration'] as const
    const actions = await Promise.all(
      stages.map(async (name) => (await import(`../../src/actions/${name}.ts`)).default as Action),
    )
    expect(Object.keys(helpOf(...actions)).join()).not.toMatch(/--(cache|keep-logs|retention-days|upload)\b/)
  })
})

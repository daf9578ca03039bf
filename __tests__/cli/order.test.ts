import { describe, expect, test } from '@jest/globals'
import { ACTIONS, type ActionName, loadAction } from '../../src/actions/index.ts'
import { inOrder, waitsFor } from '../../src/cli/order.ts'

const CHAIN = new Map([
  ['setup-mesh-toolchain', {}],
  ['validate-python-ref', { after: ['cross-compile-go'] }],
  ['cross-compile-go', { after: ['setup-mesh-toolchain'] }],
  ['load-test', {}],
] as const)

describe('what a stage waits for', () => {
  const waits = (...running: readonly string[]) => Object.fromEntries(waitsFor(CHAIN, new Set(running)))

  test('is what it says, else all before it', () => {
    expect(waits(...CHAIN.keys())).toEqual({
      'setup-mesh-toolchain': [],
      'validate-python-ref': ['cross-compile-go'],
      'cross-compile-go': ['setup-mesh-toolchain'],
      'load-test': ['setup-mesh-toolchain', 'validate-python-ref', 'cross-compile-go'],
    })
  })

  test('is, where that does not run, what that waits for', () => {
    expect(waits('setup-mesh-toolchain', 'validate-python-ref')).toEqual({
      'setup-mesh-toolchain': [],
      'validate-python-ref': ['setup-mesh-toolchain'],
    })
    expect(waits('load-test')).toEqual({ 'load-test': [] })
  })

  test('is never the end of a circle, and for the proofs always a toolchain', async () => {
    const all = new Map(
      await Promise.all(
        (Object.keys(ACTIONS) as ActionName[]).map(async (name) => [name, await loadAction(name)] as const),
      ),
    )
    const stages = new Map([...all].filter(([, { stage }]) => stage !== undefined))
    const order = waitsFor(stages, new Set(stages.keys()))
    const everything = (name: string): readonly string[] =>
      (order.get(name) ?? []).flatMap((one) => [one, ...everything(one)])
    const proofs = [...stages.keys()].filter((name) => name !== 'setup-mesh-toolchain')
    expect(proofs.length).toBeGreaterThan(3)
    for (const name of proofs) expect(everything(name)).toContain('setup-mesh-toolchain')
    expect(everything('docker-smoke')).not.toContain('go-python-integration')
  })
})

describe('work in order', () => {
  const order = new Map([
    ['a', []],
    ['b', ['a']],
    ['c', []],
  ])

  test('begins when what it waits for has ended, whoever is handed over first', async () => {
    const said: string[] = []
    const when = inOrder(order)
    const work = (name: string) => async () => {
      said.push(`${name} begins`)
      await new Promise(setImmediate)
      said.push(`${name} ends`)
      return name
    }
    const all = await Promise.all(['b', 'c', 'a'].map((name) => when(name, work(name))))
    expect(all).toEqual(['b', 'c', 'a'])
    expect(said.indexOf('b begins')).toBeGreaterThan(said.indexOf('a ends'))
    expect(said.indexOf('c begins')).toBeLessThan(said.indexOf('a ends'))
  })

  test('does not begin when that failed, and fails with the same', async () => {
    const when = inOrder(order)
    let began = false
    const second = when('b', async () => {
      began = true
    })
    const first = when('a', () => Promise.reject(new Error('a is broken')))
    await expect(first).rejects.toThrow('a is broken')
    await expect(second).rejects.toThrow('a is broken')
    expect(began).toBe(false)
    await expect(when('c', async () => 'c')).resolves.toBe('c')
  })
})

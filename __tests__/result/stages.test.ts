import { expect, test } from '@jest/globals'
import { localCommand, STAGES } from '../../src/result/stages.ts'

test('a stage is run in a terminal after those that it needs, which come before it in a pipeline', () => {
  expect(localCommand('go-python-integration').join(' ')).toBe(
    'mesh-actions run setup-mesh-toolchain cross-compile-go go-python-integration',
  )
  for (const stage of STAGES) {
    const [program, verb, ...stages] = localCommand(stage)
    expect([program, verb, stages.at(-1)]).toEqual(['mesh-actions', 'run', stage])
    expect(stages).toEqual(STAGES.filter((one) => stages.includes(one)))
  }
})

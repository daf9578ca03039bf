import { describe, expect, test } from '@jest/globals'
import { noArtifacts } from '../../../src/platform/artifacts/none.ts'
import { ConfigurationError } from '../../../src/result/configuration-error.ts'

describe('where artifacts cannot travel', () => {
  test('an upload warns that its files stay, and says why', async () => {
    const warnings: string[] = []
    await noArtifacts('no service here', (line) => warnings.push(line)).upload('binaries', [], '/')
    expect(warnings).toEqual(["binaries stays in the project's folder: no service here"])
  })

  test('asking for one says why there is none', async () => {
    const artifacts = noArtifacts('no service here', () => undefined)
    const why = new ConfigurationError('artifacts cannot be fetched here: no service here')
    await expect(artifacts.list()).rejects.toThrow(why)
    await expect(artifacts.download('binaries', '/')).rejects.toThrow(why)
  })
})

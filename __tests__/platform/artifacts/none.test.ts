import { describe, expect, test } from '@jest/globals'
import { noArtifacts } from '../../../src/platform/artifacts/none.ts'
import { ConfigurationError } from '../../../src/result/configuration-error.ts'

describe('where artifacts cannot travel', () => {
  test('an upload warns that its files stay, and says why', async () => {
    const warnings: string[] = []
    await noArtifacts('no service here', (line) => warnings.push(line)).upload('binaries', [], '/')
    expect(warnings).toEqual(["binaries stays in the project's folder: no service here"])
  })

  test('nothing is listed, and a download says why there is none', async () => {
    const artifacts = noArtifacts('no service here', () => undefined)
    expect(await artifacts.list()).toEqual([])
    await expect(artifacts.download('binaries', '/')).rejects.toThrow(
      new ConfigurationError('cannot fetch the artifact binaries: no service here'),
    )
  })
})

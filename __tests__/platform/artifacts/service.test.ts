import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { serviceArtifacts } from '../../../src/platform/artifacts/service.ts'
import { ConfigurationError } from '../../../src/result/configuration-error.ts'
import { ArtifactService } from '../../support/artifact-service.ts'
import { folderWith } from '../../support/project.ts'

/** Does something as a job does on a runner that has this service. */
async function asJob<T>(
  service: ArtifactService,
  { run = 'run-1', job = 'job-1', workspace = '/' },
  work: () => Promise<T>,
): Promise<T> {
  const runner: Record<string, string> = {
    ...service.environmentOf(run, job),
    GITHUB_WORKSPACE: workspace,
    GITHUB_SERVER_URL: 'https://github.com',
    NO_PROXY: '127.0.0.1',
  }
  const before = Object.keys(runner).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, runner)
  // The client prints workflow commands, which a runner that runs these tests would carry out.
  const { write } = process.stdout
  process.stdout.write = () => true
  try {
    return await work()
  } finally {
    process.stdout.write = write
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}

/** A service, a project with two files of which one does not compress, and room for downloads. */
async function place() {
  const service = await ArtifactService.start()
  const folder = await folderWith({ 'project/SHA256SUMS': 'sums\n', 'project/bin/.keep': '' })
  const path = (...parts: string[]) => join(folder.path, ...parts)
  const binary = randomBytes(200_000)
  writeFileSync(path('project/bin/registry'), binary)
  return {
    service,
    path,
    binary,
    root: path('project'),
    files: [path('project/bin/registry'), path('project/SHA256SUMS')],
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const NAME = 'mesh-cross-compile-go'

describe("artifacts of GitHub's service", () => {
  test('another job of the run lists them and gets the same bytes under the same paths', async () => {
    await using at = await place()
    await asJob(at.service, { job: 'build' }, async () => {
      await serviceArtifacts(1).upload(NAME, at.files, at.root)
    })
    await asJob(at.service, { job: 'integrate' }, async () => {
      const artifacts = serviceArtifacts(1)
      expect(await artifacts.list()).toEqual([NAME])
      await artifacts.download(NAME, at.path('download'))
    })
    expect(readFileSync(at.path('download/bin/registry')).equals(at.binary)).toBe(true)
    expect(readFileSync(at.path('download/SHA256SUMS'), 'utf8')).toBe('sums\n')
    expect(at.service.calls.slice(0, 4)).toEqual([
      'CreateArtifact',
      'PUT block',
      'PUT blocklist',
      'FinalizeArtifact',
    ])
    expect(at.service.calls).not.toContain('DeleteArtifact')
  })

  test('another run does not see them', async () => {
    await using at = await place()
    await asJob(at.service, {}, () => serviceArtifacts(1).upload(NAME, at.files, at.root))
    await asJob(at.service, { run: 'run-2' }, async () => {
      expect(await serviceArtifacts(1).list()).toEqual([])
      await expect(serviceArtifacts(1).download(NAME, at.path('download'))).rejects.toThrow(
        ConfigurationError,
      )
      await serviceArtifacts(1).upload(NAME, at.files, at.root)
    })
  })

  test('a name that this attempt has used already is a mistake, and what is there stays', async () => {
    await using at = await place()
    await asJob(at.service, {}, async () => {
      await serviceArtifacts(1).upload(NAME, at.files, at.root)
      writeFileSync(at.path('project/bin/registry'), 'other')
      const again = serviceArtifacts(1).upload(NAME, at.files, at.root)
      await expect(again).rejects.toThrow(ConfigurationError)
      await expect(again).rejects.toMatchObject({
        oneLine: `this run has an artifact ${NAME} already; give one of the two steps another "name"`,
      })
      await serviceArtifacts(1).download(NAME, at.path('download'))
    })
    expect(readFileSync(at.path('download/bin/registry')).equals(at.binary)).toBe(true)
  })

  test('a second attempt replaces what the first has left, and only that', async () => {
    await using at = await place()
    await asJob(at.service, {}, async () => {
      await serviceArtifacts(1).upload(NAME, at.files, at.root)
      await serviceArtifacts(1).upload(`${NAME}-1-of-2`, at.files, at.root)
      writeFileSync(at.path('project/bin/registry'), 'second')
      await serviceArtifacts(2).upload(NAME, at.files, at.root)
      await serviceArtifacts(2).upload('new', at.files, at.root)
      expect([...(await serviceArtifacts(2).list())].sort()).toEqual([NAME, `${NAME}-1-of-2`, 'new'])
      await serviceArtifacts(2).download(NAME, at.path('download'))
    })
    expect(readFileSync(at.path('download/bin/registry'), 'utf8')).toBe('second')
    expect(at.service.calls.filter((call) => call === 'DeleteArtifact')).toHaveLength(1)
  })

  test('one that arrives damaged is refused', async () => {
    await using at = await place()
    await asJob(at.service, {}, async () => {
      await serviceArtifacts(1).upload(NAME, at.files, at.root)
      at.service.damage(NAME)
      await expect(serviceArtifacts(1).download(NAME, at.path('download'))).rejects.toThrow(
        new ConfigurationError(`the artifact ${NAME} arrived damaged: its hash is another`),
      )
    })
  })

  test('one that is not there is named', async () => {
    await using at = await place()
    await asJob(at.service, {}, async () => {
      await serviceArtifacts(1).upload(`${NAME}-1-of-2`, at.files, at.root)
      await expect(serviceArtifacts(1).download(NAME, at.path('download'))).rejects.toThrow(
        new ConfigurationError(`this run has no artifact ${NAME}`),
      )
    })
    expect(existsSync(at.path('download'))).toBe(false)
  })

  test('what the service refuses for another reason is not taken for a name used twice', async () => {
    await using at = await place()
    at.service.refuse(403, 'permission_denied', 'a conflict of interest, number 409')
    await asJob(at.service, {}, async () => {
      const refused = serviceArtifacts(1).upload(NAME, at.files, at.root)
      await expect(refused).rejects.toThrow(/^cannot upload the artifact .*\(403\)/)
      await expect(refused).rejects.toBeInstanceOf(ConfigurationError)
      await expect(refused).rejects.not.toThrow('already')
    })
  })
})

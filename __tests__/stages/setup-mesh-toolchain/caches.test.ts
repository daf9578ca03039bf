import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { CacheService } from '../../support/cache-service.ts'
import { environmentWith } from '../../support/environment.ts'
import { FOREIGN, FOREIGN_ID, goMesh, HOST, HOST_ID, type Mesh } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { checkOf } from '../../support/stage-context.ts'
import { type JobOptions, setUp } from './job.ts'

/** A job on a machine of its own, from its first step to its post step; what it said, and what of the caches came back. */
async function job(
  mesh: Mesh,
  service: CacheService,
  options: JobOptions & { readonly builds?: boolean } = {},
) {
  await rm(cacheOf(mesh), { recursive: true, force: true })
  using _machine = environmentWith({ GOMODCACHE: join(mesh.temporary, 'modules') })
  const { setup, lines, post } = await setUp(mesh, { service, ...options })
  const built = options.builds === false ? undefined : await mesh.compile({ buildCaches: setup.buildCaches })
  await post()
  const { caches } = setup.result.data
  return {
    lines,
    built,
    hits: Object.fromEntries(caches.map(({ name, hit }) => [name, hit])),
    result: setup.result,
  }
}

/** A module with a dependency that has none itself. */
const UUID = {
  'go.mod': 'module example.com/mesh\n\ngo 1.24\n\nrequire github.com/google/uuid v1.6.0\n',
  'go.sum': `github.com/google/uuid v1.6.0 h1:NIvaJDMOsjHA8n1jAhLSgzrAzy1Hgr+hNrb57e+94F0=
github.com/google/uuid v1.6.0/go.mod h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=
`,
}

const cacheOf = (mesh: Mesh) => join(mesh.directory, '..', 'user-cache')
const buildOf = (platform: string) => `go-build/${platform}`
const keysOf = ({ keys }: CacheService) => keys.map((key) => key.replace(/-[0-9.]+-[0-9a-f]{20}$/, ''))

describeWith(['go'])('the caches of a job', () => {
  test('are saved by one and come back in the next, which then saves nothing', async () => {
    await using service = await CacheService.start()
    await using mesh = await goMesh()
    const first = await job(mesh, service)
    expect(first.hits).toEqual({ 'go-modules': 'none', [buildOf(HOST_ID)]: 'none' })
    expect(first.lines).toContain('cache go-modules: there is nothing to save')
    expect(keysOf(service)).toEqual([`mesh-go-build-${process.platform}-${process.arch}-${HOST_ID}`])

    const second = await job(mesh, service)
    expect(second.result.data).toMatchObject({
      caches: [{}, { name: buildOf(HOST_ID), hit: 'exact', makingMs: expect.any(Number) }],
    })
    expect(checkOf(second.result, `caches/${buildOf(HOST_ID)}`)).toMatchObject({
      detail: expect.stringMatching(/^this very one, [\d.]+ MiB/),
      measured: { unit: 'ms' },
    })
    expect(second.built?.verdict).toBe('pass')
    expect(second.lines.join('\n')).not.toMatch(/saved/)
    expect(service.keys).toHaveLength(1)
  })

  test('are of the modules too, with how long it took to fetch them where that was done here', async () => {
    await using service = await CacheService.start()
    await using mesh = await goMesh({ files: UUID })
    // Else the module cache could not be removed.
    using _machine = environmentWith({ GOFLAGS: '-modcacherw' })
    const first = await job(mesh, service, { builds: false, fetchesModules: true })
    expect(checkOf(first.result, 'modules').verdict).toBe('pass')
    expect(first.lines).toContainEqual(
      expect.stringMatching(/^cache go-modules: saved in .*, [\d.]+ [KM]iB$/),
    )
    await rm(join(mesh.temporary, 'modules'), { recursive: true })
    const second = await job(mesh, service, { builds: false, fetchesModules: true })
    expect(second.result.data.caches[0]).toMatchObject({
      hit: 'exact',
      bytes: expect.any(Number),
      makingMs: expect.any(Number),
    })
    expect(checkOf(second.result, 'caches/go-modules').detail).toMatch(/^this very one, [\d.]+ [KM]iB/)
  })

  test('come back by the beginning of a key when modules change, and are saved anew without what was not used', async () => {
    await using service = await CacheService.start()
    await using mesh = await goMesh({ files: { 'go.sum': '' } })
    await job(mesh, service)
    await mesh.write({
      'go.sum': '\n',
      'internal/shared/shared.go': 'package shared\n\nconst Greeting = "hi"\n',
    })
    const { hits, lines } = await job(mesh, service)
    expect(hits[buildOf(HOST_ID)]).toBe('prefix')
    expect(lines.join('\n')).toMatch(/cache go-build\/.*: saved in .* without .* that nothing used/)
    expect(service.keys).toHaveLength(2)
  })

  test('that were damaged are cleared away, and the build works without them', async () => {
    await using service = await CacheService.start()
    await using mesh = await goMesh()
    await job(mesh, service)
    service.damage(service.keys[0] ?? '')
    const { hits, lines, built } = await job(mesh, service)
    expect(hits[buildOf(HOST_ID)]).toBe('failed')
    expect(lines.filter((line) => line.startsWith(`cache ${buildOf(HOST_ID)}`))).toEqual([
      expect.stringMatching(/: not restored, .*tar.* failed/),
    ])
    expect(built?.verdict).toBe('pass')
    expect(service.keys).toHaveLength(1)
  })

  test('of a service that refuses to save cost a warning and nothing else', async () => {
    await using service = await CacheService.start()
    service.fault = 'read-only'
    await using mesh = await goMesh()
    const { lines, built, result } = await job(mesh, service)
    expect([built?.verdict, result.verdict]).toEqual(['pass', 'pass'])
    expect(lines.filter((line) => line.includes('cache write denied'))).toHaveLength(1)
  })

  test('of a service that is not there cost a line each and nothing else', async () => {
    const service = await CacheService.start()
    await service[Symbol.asyncDispose]()
    await using mesh = await goMesh()
    const { hits, lines, result } = await job(mesh, service, { builds: false })
    expect(hits).toEqual({ 'go-modules': 'failed', [buildOf(HOST_ID)]: 'failed' })
    expect(lines.filter((line) => line.includes('ECONNREFUSED'))).toHaveLength(2)
    expect(checkOf(result, 'caches/go-modules')).toMatchObject({ verdict: 'skipped' })
    expect(result.verdict).toBe('pass')
  })

  test('are only read by a run that nobody else would read from', async () => {
    await using service = await CacheService.start()
    await using mesh = await goMesh()
    await job(mesh, service, { saves: false })
    expect(service.keys).toEqual([])
  })

  test('are those of the platforms that this job builds, and no others', async () => {
    await using service = await CacheService.start()
    await using mesh = await goMesh({ go: { platforms: [FOREIGN, HOST, 'plan9/amd64'] } })
    const named = async (options: JobOptions) =>
      Object.keys((await job(mesh, service, { builds: false, ...options })).hits).slice(1)
    expect(await named({})).toEqual([FOREIGN_ID, HOST_ID, 'plan9-amd64'].map(buildOf))
    expect(await named({ shard: { index: 2, total: 3 } })).toEqual([buildOf(HOST_ID)])
    expect(await named({ platforms: [FOREIGN] })).toEqual([FOREIGN_ID, HOST_ID].map(buildOf))
  })
})

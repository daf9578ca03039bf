import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ConfigurationError } from '../../../src/result/configuration-error.ts'
import { goMesh, HOST, type Mesh, type MeshOptions } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'

/** The one line with which the stage refuses a project, before it runs anything of it. */
async function refusal(mesh: Mesh, options: Parameters<Mesh['compile']>[0] = {}): Promise<string> {
  const ended = await mesh.compile(options).catch((error: unknown) => error)
  if (!(ended instanceof ConfigurationError)) throw new Error('was not refused', { cause: ended })
  expect(ended.oneLine).not.toContain('\n')
  return ended.oneLine
}

async function refusalOf(options: MeshOptions): Promise<string> {
  await using mesh = await goMesh({ before: [['touch', 'something-ran']], ...options })
  const line = await refusal(mesh)
  await expect(mesh.read('something-ran')).rejects.toThrow('ENOENT')
  return line
}

describeWith(['go'])('what the stage refuses in one line, before anything runs', () => {
  test('a project without go.mod, and where one may be named', async () => {
    const line = await refusalOf({ files: { 'go.mod': undefined } })
    expect(line).toMatch(/^no go\.mod in .*; set go\.directory to the folder that has it$/)
  })

  test('a go.directory below the folder of go.mod, which Go itself would take', async () => {
    expect(await refusalOf({ go: { directory: 'cmd' } })).toMatch(/^no go\.mod in .*\/cmd;/)
  })

  test('a module that the go.work around it leaves out', async () => {
    const line = await refusalOf({
      files: {
        'go.work': 'go 1.24\n\nuse ./other\n\nuse ./another\n',
        'other/go.mod': 'module example.com/other\n\ngo 1.24\n',
        'another/go.mod': 'module example.com/another\n\ngo 1.24\n',
      },
    })
    expect(line).toContain('go.work does not use the module in')
  })

  test('a go.directory that does not exist, at its place in mesh.yml', async () => {
    const line = await refusalOf({
      files: { 'mesh.yml': 'before: [[touch, something-ran]]\ngo:\n  directory: backend\n' },
    })
    expect(line).toMatch(/mesh\.yml:3:14: go\.directory: no folder backend in the project/)
  })

  test('a go.mod that Go cannot read, with what is wrong in it', async () => {
    const line = await refusalOf({ files: { 'go.mod': 'module example.com/mesh\n\nrequires nothing\n' } })
    expect(line).toContain('go.mod:3: unknown directive: requires')
  })

  test('a go.mod that asks for a Go newer than there is', async () => {
    const line = await refusalOf({
      files: { 'go.mod': 'module example.com/mesh\n\ngo 1.999\n' },
    })
    expect(line).toMatch(/1\.999/)
  })

  test('a command whose folder is not there, at its place in mesh.yml', async () => {
    const line = await refusalOf({
      files: {
        'mesh.yml':
          'before: [[touch, something-ran]]\ngo:\n  commands:\n    registry: ./cmd/mcp-mesh-registri\n',
      },
    })
    expect(line).toMatch(
      /mesh\.yml:4:15: go\.commands\.registry: no folder cmd\/mcp-mesh-registri in the project/,
    )
  })

  test('an output folder whose name a file has', async () => {
    expect(await refusalOf({ files: { bin: 'a script' } })).toMatch(
      /go\.output: bin is there and is no folder$/,
    )
  })

  test('a platform that this Go cannot build for, with the near one', async () => {
    const line = await refusalOf({ go: { platforms: [HOST, 'linux/amd46'] } })
    expect(line).toMatch(/cannot build for linux\/amd46; did you mean linux\/amd64\?/)
  })

  test('a shard that would be empty', async () => {
    await using mesh = await goMesh()
    expect(await refusal(mesh, { shard: { index: 2, total: 2 } })).toMatch(/shard 2\/2 is empty/)
  })

  test.each(['1.0 beta', "1'0", '1"0', '1\\0'])(
    'version %p, which the linker would not take',
    async (version) => {
      await using mesh = await goMesh()
      expect(await refusal(mesh, { version })).toContain('cannot be stamped')
    },
  )

  test.each([
    ['is not there', undefined, /cannot read .*old\.json: ENOENT/],
    ['is no manifest', '{"schema":1}', /old\.json is not a binaries\.json: .*commit/],
  ])('a previous manifest that %s', async (_, text, line) => {
    await using mesh = await goMesh({ files: { 'old.json': text } })
    expect(await refusal(mesh, { previous: 'old.json' })).toMatch(line)
  })
})

describe('a machine without Go', () => {
  const path = process.env.PATH
  let mesh: Mesh

  beforeEach(async () => {
    mesh = await goMesh()
    await mkdir(join(mesh.directory, 'empty'))
    process.env.PATH = join(mesh.directory, 'empty')
  })
  afterEach(async () => {
    process.env.PATH = path
    await mesh[Symbol.asyncDispose]()
  })

  test('is told so, and what to do', async () => {
    expect(await refusal(mesh)).toBe('there is no Go on PATH; install Go 1.21 or later, or put it on PATH')
  })

  test('is told so, too, when go is there but may not be executed', async () => {
    await writeFile(join(mesh.directory, 'empty', 'go'), '')
    expect(await refusal(mesh)).toContain('no Go on PATH')
  })
})

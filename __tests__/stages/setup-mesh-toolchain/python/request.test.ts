import { describe, expect, test } from '@jest/globals'
import { loadProject } from '../../../../src/project/load.ts'
import { ConfigurationError } from '../../../../src/result/configuration-error.ts'
import { pythonRequest } from '../../../../src/stages/setup-mesh-toolchain/python/request.ts'
import { readPackages } from '../../../../src/toolchain/python-packages.ts'
import { folderWith } from '../../../support/project.ts'
import { pyproject } from '../../../support/python.ts'

/** The request of a project whose packages a and b require these versions. */
async function requestOf({
  mesh = '',
  pinned,
  a,
  b,
  explicit,
}: {
  readonly mesh?: string
  readonly pinned?: string
  readonly a?: string
  readonly b?: string
  readonly explicit?: string
}) {
  const describe = (name: string, versions: string | undefined) =>
    pyproject(name, [], versions === undefined ? '' : `requires-python = "${versions}"`)
  await using folder = await folderWith({
    'mesh.yml': `python:\n  packages: [a, b]\n${mesh}`,
    'a/pyproject.toml': describe('a', a),
    'b/pyproject.toml': describe('b', b),
    ...(pinned === undefined ? {} : { '.python-version': pinned }),
  })
  const project = loadProject({ directory: folder.path })
  return await pythonRequest(project, await readPackages(project), explicit)
}

async function refusal(options: Parameters<typeof requestOf>[0]): Promise<string> {
  const ended = await requestOf(options).catch((error: unknown) => error)
  if (!(ended instanceof ConfigurationError)) throw new Error('was not refused', { cause: ended })
  return ended.oneLine
}

describe('which Python a project gets', () => {
  test('nobody says: the default', async () => {
    expect(await requestOf({})).toMatchObject({ pattern: { written: '3.11' }, source: 'the default' })
  })

  test('.python-version wins over the default, with comments and the name that uv writes', async () => {
    const request = await requestOf({ pinned: '# for pyenv\n\ncpython-3.12\n3.9\n' })
    expect(request).toMatchObject({ pattern: { written: '3.12' }, source: '.python-version' })
  })

  test('mesh.yml wins over .python-version', async () => {
    const request = await requestOf({ mesh: '  version: "3.13"\n', pinned: '3.12' })
    expect(request.pattern.written).toBe('3.13')
    expect(request.source).toMatch(/mesh\.yml$/)
  })

  test('mesh.yml that writes the default itself has written it', async () => {
    expect((await requestOf({ mesh: '  version: 3.11\n', pinned: '3.12' })).pattern.written).toBe('3.11')
  })

  test('the input wins over all', async () => {
    const request = await requestOf({ mesh: '  version: "3.13"\n', pinned: '3.12', explicit: '3.10' })
    expect(request).toMatchObject({ pattern: { written: '3.10' }, source: 'the input python-version' })
  })

  test('a default that requires-python excludes gives way: any version that it allows', async () => {
    const request = await requestOf({ a: '>=3.12', b: '<3.14' })
    expect(request.source).toBe('requires-python of a/pyproject.toml and requires-python of b/pyproject.toml')
    expect(request.specifiers).toBe('==3.*,>=3.12,<3.14')
    expect(['3.11.9', '3.12.0', '3.13.5', '3.14.0'].map((one) => request.refusal(one))).toEqual([
      'a/pyproject.toml requires >=3.12',
      undefined,
      undefined,
      'b/pyproject.toml requires <3.14',
    ])
  })

  test('requires-python chooses among the patches of a minor version', async () => {
    const request = await requestOf({ pinned: '3.11', a: '>=3.11.4' })
    expect(request.refusal('3.11.2')).toBe('a/pyproject.toml requires >=3.11.4')
    expect(request.refusal('3.11.4')).toBeUndefined()
    expect(request.refusal('3.12.4')).toBe('not 3.11')
  })
})

describe('what is refused in one line', () => {
  test('a version that requires-python excludes, with the file and both versions', async () => {
    expect(await refusal({ mesh: '  version: "3.10"\n', a: '>=3.11' })).toMatch(
      /^a\/pyproject\.toml:9: requires-python ">=3\.11" excludes Python 3\.10, which .*mesh\.yml asks for; /,
    )
  })

  test('a .python-version that requires-python excludes', async () => {
    expect(await refusal({ pinned: '3.12.1\n', b: '~=3.11.0' })).toContain(
      'b/pyproject.toml:9: requires-python "~=3.11.0" excludes Python 3.12.1, which .python-version asks for',
    )
  })

  test('packages that exclude each other', async () => {
    expect(await refusal({ a: '>=3.12', b: '<3.12' })).toContain(
      'no Python 3.x satisfies every requires-python: a/pyproject.toml ">=3.12", b/pyproject.toml "<3.12"',
    )
  })

  test('what is no version, in mesh.yml at its place', async () => {
    expect(await refusal({ mesh: '  version: latest\n' })).toMatch(
      /mesh\.yml:3:12: no version of Python: latest; expected a version of Python 3, as in 3\.11, 3\.11\.7 or 3\.x$/,
    )
  })

  test('what is no version, in .python-version with its line', async () => {
    expect(await refusal({ pinned: '# mine\nmy-environment\n' })).toMatch(
      /^\.python-version:2: no version of Python: my-environment;/,
    )
  })

  test('what is no version, as an input', async () => {
    expect(await refusal({ explicit: '2.7' })).toMatch(
      /^the input python-version: no version of Python: 2\.7;/,
    )
  })

  test('a requires-python that is no specifier', async () => {
    expect(await refusal({ a: 'three' })).toBe(
      'a/pyproject.toml:9: requires-python: no version specifier: three; expected comparisons, as in ">=3.11,<4"',
    )
  })
})

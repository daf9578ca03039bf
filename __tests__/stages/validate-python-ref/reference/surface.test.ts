import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { loadProject } from '../../../../src/project/load.ts'
import { compareSurface } from '../../../../src/stages/validate-python-ref/reference/compare-surface.ts'
import { readSurface } from '../../../../src/stages/validate-python-ref/reference/surface.ts'
import { describeWith } from '../../../support/needs.ts'
import { indexServer, pythonPlaces, pythonProject, useIndex } from '../../../support/python.ts'
import { copySample, edit } from '../../../support/sample.ts'

const DECORATOR = 'packages/mcp_mesh/src/mcp_mesh/decorator.py'
const RUNTIME_DECORATOR = 'packages/mcp_mesh_runtime/src/mcp_mesh_runtime/decorators/mesh_agent.py'

async function namesOf(...asked: Parameters<typeof readSurface>) {
  const surface = await readSurface(...asked)
  if ('failure' in surface) throw new Error(surface.failure)
  return surface.names
}

describeWith(['python3 of version 3.11 or later'])('the public names of the sample', () => {
  test('are read without importing it, and every fault is seen at its place', async () => {
    await using places = await pythonPlaces()
    const directory = join(places.folder, 'sample')
    copySample(directory)
    const project = loadProject({ directory })
    const before = await namesOf(project, places)
    const baseline = before.map(({ text }) => text)
    expect(baseline).toEqual([...baseline].sort())
    expect(before.find(({ text }) => text.startsWith('mcp_mesh.mesh_agent('))).toMatchObject({
      text: expect.stringMatching(/^mcp_mesh\.mesh_agent\(capabilities: Iterable\[str\] = \(\), .*\) -> /),
      file: DECORATOR,
      line: expect.any(Number),
    })
    expect(before.find(({ text }) => text.endsWith(' [command]'))).toMatchObject({
      text: 'mcp-mesh = mcp_mesh_runtime.cli.main:main [command]',
      file: 'packages/mcp_mesh_runtime/pyproject.toml',
      line: 25,
    })
    expect(baseline).toContain('mcp_mesh_runtime.decorators.mesh_agent [module]')
    expect(baseline.filter((line) => /(^|[.])_/.test(line.split(/[(:[ ]/)[0] ?? ''))).toEqual([])

    edit(directory, DECORATOR, (text) =>
      text.replace('health_interval: float = 30.0', 'health_interval: float = 60'),
    )
    edit(directory, RUNTIME_DECORATOR, (text) => text.replace('    tags: Iterable[str] = (),\n', ''))
    edit(directory, 'packages/mcp_mesh/src/mcp_mesh/metadata.py', (text) =>
      text.replace('def metadata_of', 'def metadata_for'),
    )
    const { checks, added } = compareSurface(baseline, await namesOf(project, places))
    expect(checks).toMatchObject([
      {
        id: 'surface/mcp_mesh.decorator.mesh_agent',
        detail: 'the default of parameter health_interval was 30.0 and is 60 (also as mcp_mesh.mesh_agent)',
        location: { file: DECORATOR, line: 15 },
      },
      {
        id: 'surface/mcp_mesh.metadata.metadata_of',
        detail: 'the function mcp_mesh.metadata.metadata_of is gone',
        location: { file: 'packages/mcp_mesh/src/mcp_mesh/metadata.py', line: 1 },
      },
      // Still named in __all__, with nothing behind it.
      {
        id: 'surface/mcp_mesh.metadata_of',
        detail: 'the function mcp_mesh.metadata_of is gone',
        location: { file: 'packages/mcp_mesh/src/mcp_mesh/__init__.py', line: 1 },
      },
      {
        id: 'surface/mcp_mesh_runtime.decorators.mesh_agent.mesh_agent',
        detail: 'parameter tags is gone (also as mcp_mesh_runtime.mesh_agent)',
        location: { file: RUNTIME_DECORATOR, line: expect.any(Number) },
      },
    ])
    expect(added).toEqual(['mcp_mesh.metadata.metadata_for(function: Callable[..., Any]) -> AgentMetadata'])
  })
})

describeWith(['python3 of version 3.11 or later'])('public names', () => {
  test('honour __all__, re-exports, dataclasses and one spelling of defaults', async () => {
    await using places = await pythonPlaces()
    const project = await pythonProject(places, ['a'], {
      'a/pyproject.toml': '[project]\nname = "m"\n',
      'a/src/m/__init__.py': `from os import path
from ._impl import hidden as shown, Kept
from .open import spread
__all__ = ["shown", "Kept", "C", "lazy", "path"]
class C:
    x: int = 3
    def __init__(self, a, b="q"): self._y = a
    @property
    def p(self) -> int: ...
    @staticmethod
    def s(a): ...
    @classmethod
    async def k(cls, a, /, *more: int, **rest): ...
    def _private(self): ...
def not_named(): ...
raise SystemExit("never imported")
`,
      'a/src/m/_impl.py': 'def hidden(q="1.0"): ...\nclass Kept:\n  def go(self, x: "list[int]"): ...\n',
      'a/src/m/open.py': `from dataclasses import dataclass
@dataclass
class D:
    a: int
    b: str = "z"
def spread(a, b={ "k":(1,2) }, c=lambda x, y: 1): ...
_hidden = 1
LIMIT = 4
`,
      'a/src/m/tests/__init__.py': '',
      'a/src/m/tests/test_it.py': 'def test_it(): ...\n',
    })
    expect((await namesOf(project, places)).map(({ text }) => text)).toEqual([
      'm [module]',
      "m.C(a, b='q') [class]",
      'm.C.k(a, /, *more: int, **rest) [async, classmethod]',
      'm.C.p: int [property]',
      'm.C.s(a) [staticmethod]',
      'm.C.x: int',
      'm.Kept [class]',
      'm.Kept.go(x: list[int])',
      'm.lazy',
      'm.open [module]',
      "m.open.D(a: int, b: str = 'z') [class]",
      'm.open.D.a: int',
      'm.open.D.b: str',
      'm.open.LIMIT',
      "m.open.spread(a, b={'k': (1, 2)}, c=(lambda x, y: 1))",
      'm.path',
      "m.shown(q='1.0')",
    ])
  })

  test('cannot be read of a file that is no Python, nor where griffe cannot be had', async () => {
    await using places = await pythonPlaces()
    const project = await pythonProject(places, ['a'], {
      'a/pyproject.toml': '[project]\nname = "m"\n',
      'a/src/m/__init__.py': 'x = 1\ndef f(:\n',
    })
    expect(await readSurface(project, places)).toEqual({
      failure: expect.stringMatching(/^a\/src\/m\/__init__\.py:2: /),
    })
    await using index = await indexServer((_request, response) => {
      response.writeHead(404).end()
    })
    await using offline = await pythonPlaces()
    useIndex(offline, index.url)
    expect(await readSurface(project, offline)).toEqual({
      failure: expect.stringMatching(/^griffe, which reads the signatures, is not there: .*griffelib/),
    })
  })
})

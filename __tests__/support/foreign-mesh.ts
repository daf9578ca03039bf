import { pyproject } from './python.ts'

const PROGRAM = 'package main\n\nfunc main() {}\n'

/** A small mesh in a layout that is not the seed's: text by path. Its Python has no dependencies. */
export const FOREIGN_MESH: Readonly<Record<string, string>> = {
  'go.mod': 'module example.com/foreign/v2\n\ngo 1.24\n',
  'cmd/registry/main.go': PROGRAM,
  'cmd/meshctl/main.go': PROGRAM,
  'cmd/migrate/main.go': PROGRAM,
  'cmd/migrate/main_test.go': 'package main\n',
  'internal/gen/gen.go': '//go:build ignore\n\npackage main\n\nfunc main() {}\n',
  'python/mesh/pyproject.toml': pyproject('foreign-mesh'),
  'python/mesh/src/foreign_mesh/__init__.py': '',
  'python/mesh/src/foreign_mesh/decorators/__init__.py': 'def mesh_agent(function):\n    return function\n',
  'python/mesh/tests/test_agent.py':
    'from foreign_mesh.decorators import mesh_agent\n\n\ndef test_it_decorates():\n    assert mesh_agent(len) is len\n',
  'python/runtime/pyproject.toml': pyproject(
    'foreign-runtime',
    [],
    '[project.scripts]\nforeign = "foreign_runtime.main:main"\n',
  ),
  'python/runtime/foreign_runtime/__init__.py': '',
  'python/runtime/foreign_runtime/main.py': 'def main():\n    print("usage")\n',
  'python/runtime/foreign_runtime/registry_server.py': '',
  'agents/hello.py':
    'from foreign_mesh.decorators import mesh_agent\n\nserver = FastMCP(name="hello-demo")\n\n\n@mesh_agent\ndef hello():\n    pass\n\n\nif __name__ == "__main__":\n    server.run()\n',
  'agents/shared.py':
    'from foreign_mesh.decorators import mesh_agent\n\n\n@mesh_agent\ndef shared():\n    pass\n',
}

import { posix } from 'node:path'
import { pasteable } from '../process/paste.ts'
import type { MeshConfig } from '../project/load.ts'
import { type Program, programsOf } from './programs.ts'
import type { Survey } from './survey.ts'

/** The script that checks Go and Python together, where a project has one. */
const INTEGRATION_SCRIPT = 'test/integration/test_go_python_integration.sh'

/** The name of a Makefile that is there already; make takes the first of these. */
const NAMES = ['GNUmakefile', 'makefile', 'Makefile']

export function makefilePath({ listing }: Survey): string {
  return NAMES.find((name) => listing.files.includes(name)) ?? 'Makefile'
}

interface Target {
  readonly name: string
  readonly comment: string
  readonly needs?: readonly string[]
  /** Lines of the recipe, for the shell; `$` is make's. */
  readonly recipe: readonly string[]
}

/** A Makefile that builds, tests and cleans a project as its mesh.yml (or the defaults) describes it. */
export function makefile(config: MeshConfig, found: Survey): string {
  const programs = programsOf(config, found)
  const targets = [
    ...(programs.length > 0 ? buildTargets(config, programs) : []),
    testTarget(config, found),
    ...(found.packages.length > 0 ? [referenceTarget(config, found)] : []),
    ...(programs.length > 0 ? [deploymentTarget(config, programs), cleanTarget(config)] : []),
  ]
  const settings = [
    ...(found.packages.length > 0 ? ['PYTHON ?= python3'] : []),
    ...(found.go && !config.go.cgo
      ? ['# Static binaries: an image FROM scratch has no libc', 'export CGO_ENABLED = 0']
      : []),
  ]
  return [
    `.PHONY: ${targets.map(({ name }) => name).join(' ')}\n`,
    ...(settings.length > 0 ? [`${settings.join('\n')}\n`] : []),
    ...targets.map(({ name, comment, needs = [], recipe }) =>
      [`# ${comment}`, [`${name}:`, ...needs].join(' '), ...recipe.map((line) => `\t${line}`), ''].join('\n'),
    ),
  ].join('\n')
}

function buildTargets(config: MeshConfig, programs: readonly Program[]): readonly Target[] {
  const { platforms, output, tags } = config.go
  const go = goIn(config)
  const flags = tags.length > 0 ? ['-tags', tags.join(',')] : []
  const compile = (path: string, file: string, env = {}) =>
    shell([...go, 'build', ...flags, '-o', posix.join(output, file), path], env)
  const targets = programs.map(({ name, path, program }): Target => {
    const builds = platforms.map((platform) => {
      const [GOOS = '', GOARCH = ''] = platform.split('/')
      const file = `${program}-${GOOS}-${GOARCH}${GOOS === 'windows' ? '.exe' : ''}`
      return compile(path, file, { GOOS, GOARCH })
    })
    return {
      name: `build-${name}`,
      comment: `Build ${program} for every platform`,
      recipe: [`@echo ${shell([`Building ${program}...`])}`, ...builds],
    }
  })
  return [
    {
      name: 'build-all',
      comment: 'Build all Go binaries',
      needs: [...targets.map(({ name }) => name), 'native'],
      recipe: [],
    },
    ...targets,
    {
      name: 'native',
      comment: "Build this machine's binaries, named without a platform",
      recipe: programs.map(({ path, program }) => compile(path, program)),
    },
  ]
}

function testTarget(config: MeshConfig, found: Survey): Target {
  const hasReference = found.packages.length > 0
  const script = found.listing.files.includes(INTEGRATION_SCRIPT)
  return {
    name: 'test',
    comment: hasReference ? 'All tests: Go, and the Python reference, which must still pass' : 'All tests',
    needs: hasReference ? ['validate-python-reference'] : [],
    recipe: [
      ...(found.go
        ? [
            '@echo "Running Go implementation tests..."',
            shell([...goIn(config), 'test', ...config.go.tests, '-v']),
          ]
        : []),
      ...(hasReference ? ['@echo "Running Python reference tests (must still pass)..."'] : []),
      ...(hasReference ? config.python.tests.paths : []).map(
        (path) => `${shell(['cd', path])} && $(PYTHON) -m pytest -v`,
      ),
      ...(script
        ? [
            '@echo "Running integration tests: Go backend + Python decorators..."',
            shell([`./${INTEGRATION_SCRIPT}`]),
          ]
        : []),
    ],
  }
}

function referenceTarget(config: MeshConfig, { packages }: Survey): Target {
  const env = { PYTHONPATH: packages.map(({ root }) => root).join(':') }
  const imports = packages.flatMap((one) => one.imports)
  const python = (args: readonly string[]) =>
    shell(['PYTHON', ...args], env).replace(' PYTHON ', ' $(PYTHON) ')
  const commands = config.python.commands.filter((argv) => !argv.some((word) => /[{}]/.test(word)))
  return {
    name: 'validate-python-reference',
    comment: 'The Python reference is there and works',
    recipe: [
      '@echo "Validating Python reference implementation..."',
      ...imports.map(
        (name) => `@${python(['-c', `import ${name}; print("✅ Python ${name} package intact")`])}`,
      ),
      ...commands.map(([program = '', ...args]) => {
        const command = program === 'python' ? python(args) : shell([program, ...args], env)
        return `@${command} > /dev/null && echo ${shell([`✅ ${[program, ...args].join(' ')}`])}`
      }),
    ],
  }
}

function deploymentTarget(config: MeshConfig, programs: readonly Program[]): Target {
  const deployments = [config.deployments.standalone.run, config.deployments.embedded.run]
  const modes = deployments.flatMap(([placeholder, ...args]) => {
    const found = programs.find(({ name }) => `{${name}}` === placeholder)
    if (found === undefined || args.some((word) => /[{}]/.test(word))) return []
    return [
      shell([`./${posix.join(config.go.directory, config.go.output, found.program)}`, ...args, '--help']),
    ]
  })
  return {
    name: 'test-deployment-modes',
    comment: 'The registry starts by itself and embedded in the CLI',
    needs: ['native'],
    recipe: modes.length > 0 ? modes : ['@echo "No deployment to test yet"'],
  }
}

function cleanTarget({ go }: MeshConfig): Target {
  return {
    name: 'clean',
    comment: 'Remove what was built, and nothing else',
    recipe: [
      shell(['rm', '-rf', `${posix.join(go.directory, go.output)}/`]),
      '@echo "Preserved all Python reference code (not deleted)"',
    ],
  }
}

/** Go in the folder of go.mod. */
function goIn({ go }: MeshConfig): readonly string[] {
  return go.directory === '.' ? ['go'] : ['go', '-C', go.directory]
}

/** A command for a recipe: quoted for the shell, with make's own `$` doubled. */
function shell(argv: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  return pasteable(argv, { env }).replaceAll('$', '$$$$')
}

/**
 * Makes dist/: tsc to lib/, ncc on lib/main.js into dist/suite/ (a chunk for each action and each heavy library),
 * and for each action and the CLI a three-line index.js that imports the suite. The same source gives the same bytes.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACTIONS } from '../src/actions/index.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, process.argv[2] ?? 'dist')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

rmSync(join(root, 'lib'), { recursive: true, force: true })
execFileSync(bin('tsc'), ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })

rmSync(dist, { recursive: true, force: true })
const suite = join(dist, 'suite')
execFileSync(
  bin('ncc'),
  [
    'build',
    'lib/main.js',
    '--out',
    suite,
    '--minify',
    '--no-cache',
    '--license',
    'licenses.txt',
    '--target',
    'es2022',
  ],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
)

writeFileSync(join(dist, 'licenses.txt'), readFileSync(join(suite, 'licenses.txt')))
rmSync(join(suite, 'licenses.txt'))

for (const name of Object.keys(ACTIONS))
  entry(name, `import { run } from '../suite/index.js'\n\nawait run('${name}')\n`)
entry(
  'cli',
  `#!/usr/bin/env node\nimport { cli } from '../suite/index.js'\n\nawait cli(process.argv.slice(2))\n`,
)
chmodSync(join(dist, 'cli', 'index.js'), 0o755)

function entry(name: string, text: string): void {
  mkdirSync(join(dist, name), { recursive: true })
  writeFileSync(join(dist, name, 'index.js'), text)
}

const files = readdirSync(suite)
process.stdout.write(`${files.length} files in ${suite}\n`)

/**
 * Makes dist/: tsc to lib/, ncc on lib/main.js into dist/suite/ (a chunk for each action and each heavy library),
 * and for each action and the CLI a three-line index.js that imports the suite. The same source gives the same bytes.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACTIONS, type ActionName, loadAction } from '../src/actions/index.ts'
import { hasPostStep } from '../src/platform/declare.ts'
import { minifyChunk } from './build/minify.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, process.argv[2] ?? 'dist')
const suite = join(dist, 'suite')
const lib = join(root, 'lib')

function tool(name: string, ...args: string[]): void {
  execFileSync(join(root, 'node_modules', '.bin', name), args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

rmSync(lib, { recursive: true, force: true })
rmSync(dist, { recursive: true, force: true })
tool('tsc', '-p', 'tsconfig.build.json')
tool(
  'ncc',
  'build',
  'lib/main.js',
  '--out',
  suite,
  '--no-cache',
  '--target',
  'es2022',
  '--license',
  'licenses.txt',
  '--source-map',
  '--no-source-map-register',
)
renameSync(join(suite, 'licenses.txt'), join(dist, 'licenses.txt'))

for (const chunk of readdirSync(suite).filter((name) => name.endsWith('.js'))) {
  const file = join(suite, chunk)
  const { code, map } = await minifyChunk(file, lib)
  writeFileSync(file, code)
  if (map === undefined) rmSync(`${file}.map`)
  else writeFileSync(`${file}.map`, map)
}

for (const name of Object.keys(ACTIONS) as ActionName[]) {
  entry(name, 'index.js', `import { run } from '../suite/index.js'\n\nawait run('${name}')\n`)
  if (hasPostStep(await loadAction(name)))
    entry(name, 'post.js', `import { post } from '../suite/index.js'\n\nawait post('${name}')\n`)
}
entry(
  'cli',
  'index.js',
  `#!/usr/bin/env node\nimport { cli } from '../suite/index.js'\n\nawait cli(process.argv.slice(2))\n`,
)
chmodSync(join(dist, 'cli', 'index.js'), 0o755)

function entry(name: string, file: string, text: string): void {
  mkdirSync(join(dist, name), { recursive: true })
  writeFileSync(join(dist, name, file), text)
}

const bytes = readdirSync(suite).reduce((sum, name) => sum + readFileSync(join(suite, name)).length, 0)
process.stdout.write(
  `${readdirSync(suite).length} files, ${(bytes / 1024 ** 2).toFixed(1)} MiB in ${suite}\n`,
)

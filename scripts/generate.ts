/**
 * Writes everything that is derived from declarations in src/: action.yml files, JSON Schemas, reference pages and
 * the tables of the README. With --check it writes nothing and fails when a file is not what it would be.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { actionFiles } from './generate/actions.ts'
import { inputTables } from './generate/readme.ts'
import { meshReference } from './generate/reference.ts'
import { schemas } from './generate/schemas.ts'

const root = join(import.meta.dirname, '..')
const check = process.argv.includes('--check')

const readme = join(root, 'README.md')
const files: Readonly<Record<string, string>> = {
  ...(await actionFiles()),
  ...schemas(),
  'docs/mesh-yml.md': meshReference(),
  'README.md': await inputTables(existsSync(readme) ? readFileSync(readme, 'utf8') : ''),
}

const stale = Object.entries(files).filter(([path, text]) => {
  const file = join(root, path)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false
  if (!check) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return true
})
for (const [path] of stale) process.stdout.write(`${check ? 'not up to date' : 'written'}: ${path}\n`)
if (check && stale.length > 0) {
  process.stdout.write('run npm run generate\n')
  process.exitCode = 1
}

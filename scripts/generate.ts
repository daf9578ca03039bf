/**
 * Writes everything that is derived from declarations in src/: action.yml files, JSON Schemas, reference pages and
 * the tables of the README; and sets what the suite calls itself by in the files that other repositories call.
 * With --check it writes nothing and fails when a file is not what it would be.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { actionFiles } from './generate/actions.ts'
import { inputTables } from './generate/readme.ts'
import { meshReference } from './generate/reference.ts'
import { calledFiles, withReferences } from './generate/references.ts'
import { schemas } from './generate/schemas.ts'
import { REF, RELEASE } from './generate/suite.ts'

const root = join(import.meta.dirname, '..')
const check = process.argv.includes('--check')

const readme = join(root, 'README.md')
const files: Record<string, string> = {
  ...(await actionFiles()),
  ...schemas(),
  'docs/mesh-yml.md': meshReference(),
  'README.md': await inputTables(existsSync(readme) ? readFileSync(readme, 'utf8') : ''),
}
for (const path of calledFiles(root)) {
  files[path] = withReferences(files[path] ?? readFileSync(join(root, path), 'utf8'), REF, RELEASE)
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

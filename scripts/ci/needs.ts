/**
 * Holds the one job that a branch rule requires to what it stands for: node scripts/ci/needs.ts <workflow> <job>, with
 * toJSON(needs) of that job in NEEDS. A job of the workflow that it does not need would be required by nobody; one
 * that was skipped or cancelled has shown nothing. Fails and names each.
 */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly needs?: string | readonly string[]; readonly if?: string }>
  >
}

const [file = '', last = ''] = process.argv.slice(2)
const { jobs } = parse(readFileSync(file, 'utf8')) as Workflow
const { NEEDS = '{}' } = process.env
const results = JSON.parse(NEEDS) as Readonly<Record<string, { readonly result: string }>>

const required = Object.keys(jobs).filter((name) => name !== last)
const needed = [jobs[last]?.needs ?? []].flat()
const wrong = [
  // Skipped with its needs, the job would count as a success.
  ...(jobs[last]?.if === 'always()' ? [] : [`${last} does not run always()`]),
  ...required.filter((name) => !needed.includes(name)).map((name) => `${last} does not need ${name}`),
  ...needed.flatMap((name) => {
    const { result = 'not there' } = results[name] ?? {}
    return result === 'success' ? [] : [`${name}: ${result}`]
  }),
]
process.stdout.write(`${wrong.join('\n') || `${required.length} jobs, all of them well`}\n`)
if (wrong.length > 0) process.exitCode = 1

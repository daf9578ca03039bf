/** References of the suite's files to the suite itself: `uses: org/mesh-actions/actions/x@<ref>`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isScalar, parse, parseDocument, visit } from 'yaml'
import { SUITE } from './suite.ts'

const WORKFLOWS = '.github/workflows'
const REFERENCE = new RegExp(
  String.raw`^(\s*(?:- )?uses:\s*["']?)(${SUITE}(?:/[^\s@]+)?)@([^\s"']+)(["']?)(?: # (\S+))?$`,
  'gm',
)

/** What every `uses:` in a workflow or an action names of the suite, read as YAML. */
export function referencesIn(text: string): readonly string[] {
  const found: string[] = []
  visit(parseDocument(text), {
    Pair(_, { key, value }) {
      const named = isScalar(key) && key.value === 'uses' && isScalar(value) ? String(value.value) : ''
      if (new RegExp(`^${SUITE}[/@]`).test(named)) found.push(named)
    },
  })
  return found
}

/** The text with every reference at `ref`, and the release as a comment behind it when it is not empty. */
export function withReferences(text: string, ref: string, release: string): string {
  return text.replace(REFERENCE, `$1$2@${ref}$4${release && ` # ${release}`}`)
}

/**
 * The files that other repositories call, relative to `root`: reusable workflows, the composites that users know by
 * short names, and every action. Whatever these say of the suite itself is what a release pins.
 */
export function calledFiles(root: string): readonly string[] {
  const workflows = readdirSync(join(root, WORKFLOWS))
    .map((name) => `${WORKFLOWS}/${name}`)
    .filter((path) => isReusable(readFileSync(join(root, path), 'utf8')))
  const folders = ['', 'actions/'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}${name}/action.yml`),
  )
  return [...workflows, ...['action.yml', ...folders].filter((path) => existsSync(join(root, path)))]
}

function isReusable(workflow: string): boolean {
  const { on } = parse(workflow) as { readonly on?: unknown }
  return typeof on === 'object' && on !== null && 'workflow_call' in on
}

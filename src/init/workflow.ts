import { posix } from 'node:path'
import type { Survey } from './survey.ts'

/** Where GitHub looks for workflows, from the top of a repository. */
const FOLDER = '.github/workflows'

/** The workflow's file, relative to the project, which may lie below the top of its repository. */
export function workflowPath({ listing }: Survey): string {
  return posix.join(posix.relative(listing.prefix, ''), FOLDER, 'mesh-pipeline.yml')
}

/** The template's text for a project: its branch in the stead of main, and named where it is not the top of its repository. */
export function workflow(template: string, { listing }: Survey): string {
  const branch = listing.defaultBranch ?? 'main'
  const written = /^[A-Za-z][\w./-]*$/.test(branch) ? branch : JSON.stringify(branch)
  const text = template.replace(/(?<=branches: \[)main\b/g, () => written)
  if (listing.prefix === '') return text
  return `${text.trimEnd()}\n    with:\n      working-directory: ${JSON.stringify(listing.prefix)}\n`
}

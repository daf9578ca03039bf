import { posix } from 'node:path'
import type { Survey } from './survey.ts'

/** Where GitHub looks for workflows, from the top of a repository. */
const FOLDER = '.github/workflows'

/** The workflow's file, relative to the project, which may lie below the top of its repository. */
export function workflowPath({ listing }: Survey): string {
  return posix.join(posix.relative(listing.prefix, ''), FOLDER, 'mesh-pipeline.yml')
}

/** The template's text for a project: one below the top of its repository is named in it. */
export function workflow(template: string, { listing }: Survey): string {
  if (listing.prefix === '') return template
  return `${template.trimEnd()}\n    with:\n      working-directory: ${JSON.stringify(listing.prefix)}\n`
}

import { readFile } from 'node:fs/promises'
import type { Project } from '../../../project/load.ts'
import { ConfigurationError } from '../../../result/configuration-error.ts'

/** Something that is installed beside the packages: a requirement, or a file of them in the project. */
export type ExtraRequirement =
  | { readonly kind: 'requirement'; readonly written: string }
  | { readonly kind: 'file'; readonly written: string; readonly path: string; readonly text: string }

const REQUIREMENT = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\s*(\[[^\]]*\])?\s*($|[<>=!~;@(])/

/**
 * Reads extra requirements: `httpx>=0.28`, `pytest`, `requirements-dev.txt`. Throws a ConfigurationError for what is
 * neither a requirement nor a file, options of pip among them.
 */
export async function readExtraRequirements(
  project: Project,
  written: readonly string[],
): Promise<readonly ExtraRequirement[]> {
  const wanted = written.map((one) => one.trim()).filter((one) => one !== '')
  return Promise.all(wanted.map((one) => read(project, one)))
}

async function read(project: Project, written: string): Promise<ExtraRequirement> {
  if (/\.(txt|in)$/.test(written)) {
    const path = project.resolve(written)
    try {
      return { kind: 'file', written, path, text: await readFile(path, 'utf8') }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw new ConfigurationError(`extra-requirements: cannot read ${written} in the project: ${code}`)
    }
  }
  if (REQUIREMENT.test(written)) return { kind: 'requirement', written }
  throw new ConfigurationError(`extra-requirements: no requirement: ${written}`, {
    fix: 'expected a package, as in pytest>=8, or a file of the project, as in requirements-dev.txt',
  })
}

/** The arguments with which uv and pip take them. */
export function asArguments(extra: readonly ExtraRequirement[]): readonly string[] {
  return extra.flatMap((one) => (one.kind === 'file' ? ['--requirement', one.path] : [one.written]))
}

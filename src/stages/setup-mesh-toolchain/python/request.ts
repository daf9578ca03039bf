import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../../project/load.ts'
import { ConfigurationError, type Place } from '../../../result/configuration-error.ts'
import type { PythonPackage } from '../../../toolchain/python-packages.ts'
import { matches, parseVersion, VERSION_FORMS, type VersionPattern } from './version.ts'

/** Which Python the project is to have. */
export interface PythonRequest {
  readonly pattern: VersionPattern
  /** Who asks for it, in words: mesh.yml, .python-version, the input python-version. */
  readonly source: string
  /** All that it must be, as PEP 440 writes it, for uv. */
  readonly specifiers: string
  /** Why a version will not do, in words; undefined when it will. */
  refusal(version: string): string | undefined
}

interface Asked {
  readonly written: string
  readonly source: string
  readonly place?: Place | undefined
}

/**
 * Decides on a version: what was asked for explicitly, else what mesh.yml says, else .python-version in the project's
 * folder, else the default. What somebody wrote must agree with every package's requires-python; the default, which
 * nobody wrote, gives way to it. Throws a ConfigurationError for what is no version, and for versions that exclude
 * each other.
 */
export async function pythonRequest(
  project: Project,
  packages: readonly PythonPackage[],
  explicit?: string,
): Promise<PythonRequest> {
  const constraints = await constraintsOf(packages)
  const asked = explicitly(project, explicit) ?? (await pinned(project))
  if (asked) {
    const pattern = parsed(asked)
    const excluding = constraints.find((one) => !allowsAny([one], pattern))
    if (excluding) throw excluded(excluding, `Python ${pattern.written}, which ${asked.source} asks for`)
    if (!allowsAny(constraints, pattern)) throw contradictory(constraints, pattern)
    return request(pattern, asked.source, constraints)
  }
  const preset = parsed({ written: project.config.python.version, source: 'the default' })
  if (allowsAny(constraints, preset)) return request(preset, 'the default', constraints)
  const any = parsed({ written: '3.x', source: 'requires-python' })
  if (!allowsAny(constraints, any)) throw contradictory(constraints, any)
  return request(any, constraints.map(({ file }) => `requires-python of ${file}`).join(' and '), constraints)
}

function explicitly(project: Project, explicit: string | undefined): Asked | undefined {
  if (explicit !== undefined && explicit !== '') {
    return { written: explicit, source: 'the input python-version' }
  }
  const place = project.place(['python', 'version'])
  // A key that the file has not got has the place of what would hold it.
  const holder = project.place(['python'])
  if (!place || (place.line === holder?.line && place.column === holder?.column)) return undefined
  return { written: project.config.python.version, source: place.file, place }
}

/** The first line of .python-version that is no comment, as pyenv and uv read it. */
async function pinned(project: Project): Promise<Asked | undefined> {
  const file = '.python-version'
  const text = await readFile(join(project.directory, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return ''
  })
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, '').trim())
  const index = lines.findIndex((line) => line !== '')
  const written = lines[index]?.replace(/^c?python[-@]?(?=\d)/, '')
  return written === undefined ? undefined : { written, source: file, place: { file, line: index + 1 } }
}

function parsed({ written, source, place }: Asked): VersionPattern {
  const pattern = parseVersion(written)
  if (pattern) return pattern
  throw new ConfigurationError(
    place ? `no version of Python: ${written}` : `${source}: no version of Python: ${written}`,
    { place, fix: VERSION_FORMS },
  )
}

interface Constraint {
  readonly file: string
  readonly line: number
  readonly specifiers: string
  allows(version: string): boolean
}

async function constraintsOf(packages: readonly PythonPackage[]): Promise<readonly Constraint[]> {
  const { satisfies, validRange } = await import('@renovatebot/pep440')
  return packages.flatMap(({ file, requiresPython }) => {
    if (requiresPython === undefined) return []
    const { line } = requiresPython
    const specifiers = requiresPython.specifiers.trim()
    if (specifiers !== '' && !validRange(specifiers)) {
      throw new ConfigurationError(`requires-python: no version specifier: ${specifiers}`, {
        place: { file, line },
        fix: 'expected comparisons, as in ">=3.11,<4"',
      })
    }
    const allows = (version: string) =>
      specifiers === '' || satisfies(version, specifiers, { prereleases: true })
    return [{ file, line, specifiers, allows }]
  })
}

/** Whether there is a version, of those that can be thought of, that the pattern means and all constraints allow. */
function allowsAny(constraints: readonly Constraint[], pattern: VersionPattern): boolean {
  const [major, minor, patch] = pattern.numbers
  const upTo = (fixed: number | undefined, last: number) =>
    fixed === undefined ? Array.from({ length: last + 1 }, (_, number) => number) : [fixed]
  return upTo(minor, 40).some((second) =>
    upTo(patch, 40).some((third) =>
      constraints.every((one) => one.allows(`${major}.${second}.${third}${pattern.prerelease}`)),
    ),
  )
}

function excluded({ file, line, specifiers }: Constraint, what: string): ConfigurationError {
  return new ConfigurationError(`requires-python "${specifiers}" excludes ${what}`, {
    place: { file, line },
    fix: 'ask for a version that both allow, or change requires-python',
  })
}

function contradictory(constraints: readonly Constraint[], pattern: VersionPattern): ConfigurationError {
  const all = constraints.map(({ file, specifiers }) => `${file} "${specifiers}"`).join(', ')
  const one = constraints[0]
  return new ConfigurationError(`no Python ${pattern.written} satisfies every requires-python: ${all}`, {
    place: one && { file: one.file, line: one.line },
    fix: 'let the packages allow a version in common',
  })
}

function request(pattern: VersionPattern, source: string, constraints: readonly Constraint[]): PythonRequest {
  const numbers = pattern.numbers.join('.')
  const own = pattern.numbers.length === 3 ? `==${numbers}${pattern.prerelease}` : `==${numbers}.*`
  return {
    pattern,
    source,
    specifiers: [own, ...constraints.map(({ specifiers }) => specifiers).filter((one) => one !== '')].join(
      ',',
    ),
    refusal(version) {
      if (!matches(pattern, version)) return `not ${pattern.written}`
      const against = constraints.find((one) => !one.allows(version))
      return against && `${against.file} requires ${against.specifiers}`
    },
  }
}

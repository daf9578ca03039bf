import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { loadProject, type Project } from '../../src/project/load.ts'
import type { Check } from '../../src/result/stage-result.ts'
import { installPackages } from '../../src/stages/setup-mesh-toolchain/python/install.ts'
import { readPackages } from '../../src/toolchain/python-packages.ts'
import { countedUv, machinePython, type PythonPlaces, pythonPlaces } from './python.ts'
import { copySample } from './sample.ts'
import { ROOT } from './suite.ts'

/** The tools that were fetched once: they may stay from run to run. */
const KEPT = join(ROOT, 'node_modules', '.cache', 'toolchain')

export interface Reference extends AsyncDisposable {
  readonly project: Project
  readonly directory: string
  /** PATH begins with an environment in which the project's packages are installed, editable. */
  readonly places: PythonPlaces
  /**
   * Does something while the project has these files in the stead of its own: text by path, undefined for a file that
   * is gone. Afterwards it is as it was.
   */
  planted<T>(files: Readonly<Record<string, string | undefined>>, work: () => Promise<T>): Promise<T>
}

/** A copy of the sample with its packages installed, as setup-mesh-toolchain leaves it; made in some seconds. */
export async function sampleReference(): Promise<Reference> {
  const places = await pythonPlaces()
  const directory = join(places.folder, 'sample')
  copySample(directory)
  return installed(places, directory)
}

/** A project of one's own with its packages installed. */
export async function installed(places: PythonPlaces, directory: string): Promise<Reference> {
  await countedUv(places)
  const project = loadProject({ directory })
  const packages = await readPackages(project)
  const { python, checks } = await installPackages({ project, packages, python: machinePython() }, places)
  if (python === undefined) throw new Error(`not installed: ${checks.map(({ detail }) => detail).join('; ')}`)
  places.environment.PATH = `${dirname(python)}${delimiter}${places.environment.PATH}`
  return {
    project,
    directory,
    places: { ...places, userCache: KEPT },
    async planted(files, work) {
      const aside = mkdtempSync(join(places.folder, 'aside-'))
      const made: string[] = []
      try {
        for (const [index, [path, text]] of Object.entries(files).entries()) {
          const file = join(directory, path)
          if (existsSync(file)) cpSync(file, join(aside, String(index)), { recursive: true })
          rmSync(file, { recursive: true, force: true })
          if (text === undefined) continue
          const folder = mkdirSync(dirname(file), { recursive: true })
          if (folder !== undefined) made.push(folder)
          writeFileSync(file, text)
        }
        return await work()
      } finally {
        for (const [index, path] of Object.keys(files).entries()) {
          rmSync(join(directory, path), { recursive: true, force: true })
          const kept = join(aside, String(index))
          if (existsSync(kept)) renameSync(kept, join(directory, path))
        }
        // To Python an empty folder is a package.
        for (const folder of made) rmSync(folder, { recursive: true, force: true })
      }
    },
    [Symbol.asyncDispose]: () => places[Symbol.asyncDispose](),
  }
}

/** The check of an id among several; its absence is a mistake, of the code or of the test. */
export function checkNamed(checks: readonly Check[], id: string): Check {
  const check = checks.find((one) => one.id === id)
  if (!check) throw new Error(`no check ${id}; there are ${checks.map((one) => one.id).join(', ')}`)
  return check
}

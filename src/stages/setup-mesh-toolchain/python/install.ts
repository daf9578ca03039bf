import { dirname } from 'node:path'
import type { Project } from '../../../project/load.ts'
import type { Check } from '../../../result/stage-result.ts'
import { LIMITS, type Limits } from '../../../toolchain/limits.ts'
import { cacheFolder, removed } from '../../../toolchain/made-once.ts'
import type { PythonPackage } from '../../../toolchain/python-packages.ts'
import type { FoundTool, ToolPlaces } from '../../../toolchain/tool.ts'
import { editableIn, withoutEggInfo } from './editable.ts'
import { asArguments, type ExtraRequirement, readExtraRequirements } from './extra-requirements.ts'
import { blamed, present, unreadable } from './install-checks.ts'
import { chooseInstaller, type Failure } from './installer.ts'
import { locked } from './lock.ts'
import { stampOf } from './stamp.ts'
import { sweepVenvs } from './sweep.ts'
import { type InstalledPackage, lockPath, markWhole, pythonOf, venvPath, wholeVenv } from './venv.ts'

export interface InstallOptions {
  readonly project: Project
  readonly packages: readonly PythonPackage[]
  readonly python: FoundTool
  /** Requirements, or files of them in the project, that are installed beside the packages. */
  readonly extraRequirements?: readonly string[]
  readonly limits?: Limits
}

/** The project's environment, and whether each package is in it. */
export interface Installed {
  /** Absolute; undefined when the packages could not be installed. */
  readonly venv: string | undefined
  /** The environment's interpreter. */
  readonly python: string | undefined
  /** Whether an earlier run's environment served again. */
  readonly reused: boolean
  readonly packages: readonly InstalledPackage[]
  /** `installed/<path of the package>`, and `installed/extra-requirements` where there are any. */
  readonly checks: readonly Check[]
}

const NOTHING = { venv: undefined, python: undefined, reused: false, packages: [] } as const

/**
 * Installs the project's packages (editable) and the extra requirements into an environment of their own in the user's
 * cache. One that is whole and was made of the same things serves again; any other is made anew, so that it never holds
 * what is not declared any more, and with it those go whose projects are no more. Throws a ConfigurationError for requirements that are none, a cache that cannot be
 * written, and a machine that cannot make environments.
 */
export async function installPackages(options: InstallOptions, places: ToolPlaces): Promise<Installed> {
  const { project, packages, python, limits = LIMITS } = options
  const extra = await readExtraRequirements(project, options.extraRequirements ?? [])
  if (packages.some(({ broken }) => broken)) return { ...NOTHING, checks: unreadable(packages, extra) }

  const venv = venvPath(places.userCache, project.directory, python, extra)
  const stamp = await stampOf(python, packages, extra)
  const ready = (installed: readonly InstalledPackage[], reused: boolean): Installed => ({
    venv,
    python: pythonOf(venv),
    reused,
    packages: installed,
    checks: present(packages, extra, installed, reused),
  })
  const reuse = async () => {
    const installed = await wholeVenv(venv, stamp)
    if (installed) places.log.info(`virtual environment ${venv}: nothing has changed since it was made`)
    return installed && ready(installed, true)
  }

  const earlier = await reuse()
  if (earlier) return earlier
  await using _lock = await locked(lockPath(places.userCache, project.directory), places.signal, () => {
    places.log.info(`waiting for another run that installs the packages of ${project.directory}`)
  })
  const meanwhile = await reuse()
  if (meanwhile) return meanwhile

  const made = await make(venv, packages, extra, options, places, limits)
  if ('cause' in made) return { ...NOTHING, checks: blamed(packages, extra, made) }
  await markWhole(venv, stamp, made.installed, project.directory)
  await sweepVenvs(places)
  return ready(made.installed, false)
}

async function make(
  venv: string,
  packages: readonly PythonPackage[],
  extra: readonly ExtraRequirement[],
  { project, python }: InstallOptions,
  places: ToolPlaces,
  limits: Limits,
): Promise<Failure | { readonly installed: readonly InstalledPackage[] }> {
  const installer = await chooseInstaller(python, project.directory, places, limits)
  await cacheFolder(dirname(venv))
  await removed(venv)
  const args = [...packages.flatMap(({ folder }) => ['--editable', folder]), ...asArguments(extra)]
  let failure: Failure | undefined
  try {
    failure = await places.log.task(
      `Install the project's packages with ${installer.name}`,
      async (output) => {
        await installer.create(venv, output)
        if (args.length === 0) return undefined
        return withoutEggInfo(packages, () => installer.install(venv, args, output))
      },
    )
  } catch (error) {
    await removed(venv)
    throw error
  }
  if (!failure) return { installed: await editableIn(venv, packages) }
  await removed(venv)
  return failure
}

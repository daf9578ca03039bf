import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { ActionContext } from '../platform/declare.ts'
import { OUT } from '../platform/out-folder.ts'
import { allEnded } from '../process/all-ended.ts'
import { readResultFiles } from '../report/result-files.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import { cause } from '../result/judge.ts'
import { faultOfParts } from '../result/shard.ts'
import type { StageResult } from '../result/stage-result.ts'
import { acceptBinaries } from '../stages/cross-compile-go/accept.ts'
import { lockFolder } from '../stages/cross-compile-go/folder-lock.ts'
import type { Manifest } from '../stages/cross-compile-go/manifest.ts'
import { writeManifest } from '../stages/cross-compile-go/manifest-file.ts'
import { place } from '../stages/cross-compile-go/place.ts'

/** What of an action's context is needed to fetch binaries. */
export type BinariesContext = Pick<
  ActionContext<Record<never, never>>,
  'project' | 'artifacts' | 'artifactName' | 'stage' | 'place' | 'out' | 'forgivesInconclusive'
>

/**
 * Fetches what cross-compile-go built in earlier jobs of this run into go.output: every part of it, each file with
 * its hash and of this commit, executable again.
 * Throws a ConfigurationError when there is none, when a part is missing, or when a file is not the one built.
 */
export async function fetchBinaries({
  project,
  artifacts,
  artifactName,
  stage,
  forgivesInconclusive,
}: BinariesContext): Promise<Manifest> {
  const { directory, output } = project.config.go
  const names = partsOf(artifactName('cross-compile-go'), await artifacts.list())
  const temporary = await mkdtemp(join(stage.temporary, 'binaries-'))
  try {
    const parts = await allEnded(
      names.map(async (name) => {
        await artifacts.download(name, join(temporary, name))
        const results = await buildResults(join(temporary, name, OUT), join(name, OUT))
        if (results.length === 0) throw new ConfigurationError(`the artifact ${name} holds no result`)
        refuseRed(`of ${name}`, results, forgivesInconclusive)
        const folder = join(temporary, name, posix.join(directory, output))
        return { folder, manifest: await acceptBinaries(folder, stage.commit) }
      }),
    )
    const target = project.resolve(directory, output)
    await mkdir(target, { recursive: true })
    await using _lock = await lockFolder(target, stage.signal)
    for (const { folder, manifest } of parts) {
      for (const { path } of manifest.binaries) await place(join(folder, path), join(target, path))
    }
    const [first] = parts
    if (!first) throw new TypeError('no part')
    const whole = { ...first.manifest, binaries: parts.flatMap(({ manifest }) => manifest.binaries) }
    await writeManifest(target, whole)
    return whole
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/**
 * What cross-compile-go, or parts of it, left in a folder of results and logs, which is `shown` to a user under another
 * name. Throws a ConfigurationError with the name of a file that cannot be believed.
 */
export async function buildResults(out: string, shown = out): Promise<readonly StageResult[]> {
  const files = (await readResultFiles(out)).filter(({ stage }) => stage === 'cross-compile-go')
  return files.map(({ name, result, fault }) => {
    if (result) return result
    throw new ConfigurationError(`${join(shown, 'results', name)} cannot be believed: ${fault}`, {
      fix: 'run cross-compile-go again, which replaces it',
    })
  })
}

/**
 * A red build leaves binaries as well. What it built must not pass for proven, also where a job or a run goes on all
 * the same (`if: always()`, `continue-on-error`). Throws a ConfigurationError with the cause; `which` says which
 * binaries they are.
 */
export function refuseRed(
  which: string,
  results: readonly StageResult[],
  forgivesInconclusive: boolean,
): void {
  const red = results.find(
    ({ verdict }) => verdict !== 'pass' && !(forgivesInconclusive && verdict === 'inconclusive'),
  )
  if (!red) return
  throw new ConfigurationError(
    `the binaries ${which} are not proven: cross-compile-go is ${red.verdict}: ${cause(red)}`,
  )
}

/** The artifact itself, or all of its parts `-1-of-4` to `-4-of-4`. */
export function partsOf(base: string, names: readonly string[]): readonly string[] {
  if (names.includes(base)) return [base]
  const parts = names.flatMap((name) => {
    const match = name.startsWith(`${base}-`) ? /^(\d+)-of-(\d+)$/.exec(name.slice(base.length + 1)) : null
    return match ? [{ name, index: Number(match[1]), total: Number(match[2]) }] : []
  })
  if (parts.length === 0) {
    throw new ConfigurationError(`this run has no artifact ${base}`, {
      fix: 'let a job with cross-compile-go end before this one (needs:), with the same "name"',
    })
  }
  const fault = faultOfParts(parts)
  if (fault !== undefined) {
    throw new ConfigurationError(`the artifacts ${base}-* are not the whole build: ${fault}`, {
      fix: 'let the jobs of all parts end well before this one (needs:)',
    })
  }
  return parts.map((part) => part.name)
}

import { lstat, readFile, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { allEnded } from '../../process/all-ended.ts'
import type { Check } from '../../result/stage-result.ts'
import { dashed } from './build-run.ts'
import { lockFolder } from './folder-lock.ts'
import { sha256Aside } from './hash.ts'
import type { MadeBinary } from './make-platform.ts'
import type { Binary, Manifest } from './manifest.ts'
import { writeManifest } from './manifest-file.ts'
import { place } from './place.ts'

export interface Published {
  readonly checks: readonly Check[]
  readonly binaries: readonly Binary[]
}

/**
 * Puts binaries in their place, with what vouches for them, in one step: another run into the same folder is before
 * it or after it. Since they were looked at the project's own code ran:
 * one that is not the same file any more is not kept, is not vouched for, and is a failed check.
 * Throws a ConfigurationError where the folder cannot be written to or another run keeps it.
 */
export async function publish(
  folder: string,
  made: readonly MadeBinary[],
  head: Omit<Manifest, 'binaries'>,
  signal: AbortSignal,
): Promise<Published> {
  await using _lock = await lockFolder(folder, signal)
  const limit = pLimit(availableParallelism())
  const placed = await allEnded(
    made.map(({ file, binary }) =>
      limit(async () => ({ binary, broken: await placeSealed(file, join(folder, binary.path), binary) })),
    ),
  )
  const binaries = placed.flatMap(({ binary, broken }) => (broken ? [] : [binary]))
  await writeManifest(folder, { ...head, binaries })
  return { checks: placed.flatMap(({ broken }) => broken ?? []), binaries }
}

async function placeSealed(from: string, to: string, binary: Binary): Promise<Check | undefined> {
  const found = await placedHash(from, to)
  if (found === `SHA-256 ${binary.sha256}`) return undefined
  await rm(to, { force: true })
  return {
    id: `sealed/${binary.command}/${dashed(binary.platform)}`,
    title: `${binary.path} is the file that was proved`,
    verdict: 'fail',
    detail: `programs of the project changed it: ${found}, not SHA-256 ${binary.sha256}`,
  }
}

/** The hash of a file once it is in its place; in words where it is not a file any more. */
async function placedHash(from: string, to: string): Promise<string> {
  const there = await lstat(from).catch(() => undefined)
  if (!there?.isFile()) return there ? 'it is no file' : 'it is gone'
  await place(from, to)
  return `SHA-256 ${await sha256Aside(await readFile(to))}`
}

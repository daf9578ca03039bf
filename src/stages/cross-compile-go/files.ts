import { createHash } from 'node:crypto'
import { chmod, copyFile, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { billOfMaterials } from './bill-of-materials.ts'
import {
  BILL_OF_MATERIALS,
  type Binary,
  CHECKSUMS,
  MANIFEST,
  type Manifest,
  manifestSchema,
} from './manifest.ts'

/** SHA-256 as lower-case hexadecimal. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Puts a file in its place in one step, so that nobody ever sees half of it; across file systems too. */
export async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  try {
    await rename(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    const beside = `${to}.${process.pid}.part`
    await copyFile(from, beside)
    await rename(beside, to)
    await rm(from, { force: true })
  }
}

/** Writes the manifest, its checksums and its bill of materials into the binaries' folder. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const checksums = manifest.binaries.map(({ sha256, path }) => `${sha256}  ${path}\n`).join('')
  await mkdir(folder, { recursive: true })
  for (const [name, text] of [
    [CHECKSUMS, checksums],
    [BILL_OF_MATERIALS, await billOfMaterials(manifest)],
    [MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`],
  ] as const) {
    const beside = join(folder, `.${name}.${process.pid}.part`)
    await writeFile(beside, text)
    await rename(beside, join(folder, name))
  }
}

/** Reads a manifest. Throws a ConfigurationError when the file is not there or is no manifest. */
export async function readManifest(file: string): Promise<Manifest> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new ConfigurationError(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code ?? error}`)
  }
  const parsed = manifestSchema.safeParse(jsonOr(text))
  if (parsed.success) return parsed.data
  throw new ConfigurationError(`${file} is not a ${MANIFEST}: ${z.prettifyError(parsed.error)}`)
}

/**
 * Takes over a folder that came from another job: every file must be there with its hash, and be built from the
 * commit at hand; then it is made executable again, since artifacts lose permissions.
 * Throws a ConfigurationError that names the first file that is not right.
 */
export async function acceptBinaries(folder: string, commit: string): Promise<Manifest> {
  const manifest = await readManifest(join(folder, MANIFEST))
  if (manifest.commit !== commit) {
    throw new ConfigurationError(
      `the binaries in ${folder} are of commit ${manifest.commit}, not of ${commit}`,
    )
  }
  await Promise.all(manifest.binaries.map((binary) => accept(folder, binary)))
  return manifest
}

async function accept(folder: string, binary: Binary): Promise<void> {
  if (basename(binary.path) !== binary.path)
    throw new ConfigurationError(`${MANIFEST} names a file elsewhere: ${binary.path}`)
  const file = join(folder, binary.path)
  const unread = ({ code }: NodeJS.ErrnoException): never => {
    throw new ConfigurationError(`${file} is in ${MANIFEST}, but cannot be read: ${code}`)
  }
  // Of a link the target would be made executable, wherever it is.
  if (!(await lstat(file).catch(unread)).isFile())
    throw new ConfigurationError(`${MANIFEST} names what is no file: ${binary.path}`)
  const bytes = await readFile(file).catch(unread)
  const found = sha256(bytes)
  if (found !== binary.sha256) {
    throw new ConfigurationError(
      `${file} is not the file that was built: SHA-256 ${found}, not ${binary.sha256}`,
    )
  }
  await chmod(file, 0o755)
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

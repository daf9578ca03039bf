import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { writeWhole } from '../../result/write-whole.ts'
import { billOfMaterials } from './bill-of-materials.ts'
import { BILL_OF_MATERIALS, CHECKSUMS, MANIFEST, type Manifest, manifestSchema } from './manifest.ts'
import { writing } from './writing.ts'

/**
 * Writes the manifest, its checksums and its bill of materials into the binaries' folder, each whole or not at all.
 * Throws a ConfigurationError where they cannot be written.
 */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const checksums = manifest.binaries.map(({ sha256, path }) => `${sha256}  ${path}\n`).join('')
  await writing(folder, () => mkdir(folder, { recursive: true }))
  for (const [name, text] of [
    [CHECKSUMS, checksums],
    [BILL_OF_MATERIALS, await billOfMaterials(manifest)],
    [MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`],
  ] as const) {
    const file = join(folder, name)
    await writing(file, () => writeWhole(file, text))
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

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import { chmod, lstat, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { sha256 } from './hash.ts'
import { type Binary, MANIFEST, type Manifest } from './manifest.ts'
import { readManifest } from './manifest-file.ts'

/**
 * Takes over a folder that came from another job: every file must be there with its hash, and be built from the
 * commit at hand, and from `sources` where these are known (see sourcesHash); then it is made executable again, since
 * artifacts lose permissions.
 * Throws a ConfigurationError that names the first file that is not right.
 */
export async function acceptBinaries(folder: string, commit: string, sources?: string): Promise<Manifest> {
  const manifest = await readManifest(join(folder, MANIFEST))
  if (manifest.commit !== commit) {
    throw new ConfigurationError(
      `the binaries in ${folder} are of commit ${manifest.commit}, not of ${commit}`,
    )
  }
  if (sources !== undefined && manifest.sources !== undefined && manifest.sources !== sources) {
    throw new ConfigurationError(`the binaries in ${folder} were built from other sources than those here`, {
      fix: 'run cross-compile-go again',
    })
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

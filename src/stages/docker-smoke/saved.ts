import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { childEnvironment } from '../../process/environment.ts'
import { mark } from '../../process/mark.ts'
import { wake } from '../../process/watchdog.ts'
import { type ImageArchive, readArchive } from './archive.ts'
import { EngineError } from './engine.ts'
import { writeRenamed } from './renamed-archive.ts'

/** Reads an image from the engine as it would be saved, without a file between. */
export function savedArchive(reference: string, signal: AbortSignal): Promise<ImageArchive> {
  return ofSaved(reference, readArchive, signal)
}

/** Saves an image into a folder, which is made, as `<name>.tar`: docker load calls it <name>:<commit>; the file. */
export async function saveTar(
  { name, reference, commit }: { readonly name: string; readonly reference: string; readonly commit: string },
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${name}.tar`)
  await ofSaved(reference, (tar) => writeRenamed(tar, file, [`${name.toLowerCase()}:${commit}`]), signal)
  return file
}

/** What `read` makes of the archive that docker save prints. Throws an EngineError when there is no whole one. */
async function ofSaved<T>(
  reference: string,
  read: (archive: Readable) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  wake()
  const child = spawn('docker', ['save', reference], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment(process.env, mark()),
    signal,
  })
  const said: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const ended = new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', (code) => resolve(code)),
  )
  ended.catch(() => undefined)
  try {
    const made = await read(child.stdout)
    await ended
    return made
  } catch (error) {
    signal.throwIfAborted()
    child.kill('SIGKILL')
    await ended
    const words = Buffer.concat(said).toString('utf8').trim().split('\n').at(-1)
    throw new EngineError(`docker save: ${words || (error as Error).message}`)
  }
}

import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { succeeded } from '../../process/run.ts'
import type { Check } from '../../result/stage-result.ts'
import type { StageContext } from '../context.ts'
import type { MadeImage } from './build.ts'
import { docker, EngineError, imageName, make, saidBy } from './engine.ts'
import { writeRenamed } from './renamed-archive.ts'

const LOAD_MS = 30 * 60_000

type Taken = { readonly check: Check; readonly image?: MadeImage }

/** Takes an image that the engine has, by its name; nothing is pulled. */
export async function takenByName(name: string, image: string, signal: AbortSignal): Promise<Taken> {
  const check = { id: `built/${name}`, title: `the image ${name} is there` }
  const found = await docker(['image', 'inspect', '--format', '{{.Id}}', image], { signal })
  if (!succeeded(found)) {
    const fix = `docker pull ${image}, or build it before this`
    return { check: { ...check, verdict: 'fail', detail: saidBy(found), fix } }
  }
  return {
    check: { ...check, verdict: 'pass', detail: `${image} is ${found.stdout.trim()}` },
    image: { reference: image, instructions: [] },
  }
}

/** Whether what mesh.yml calls an image is a file of the project. */
export function isTar(image: string): boolean {
  return /\.(tar|tar\.gz|tgz)$/.test(image)
}

/**
 * Loads an image from a tar, `file` of the project. In the engine it bears the owner's name alone and none of those in
 * the tar: one that is there already under such a name keeps it.
 */
export async function takenFromTar(
  name: string,
  { shown, file }: { readonly shown: string; readonly file: string },
  owner: string,
  { signal, log, temporary }: StageContext,
): Promise<Taken> {
  const check = { id: `built/${name}`, title: `the image ${name} is there` }
  const unnamed = join(temporary, `${name}.${owner}.tar`)
  try {
    const id = await log.task(`docker load ${shown}`, async () => {
      try {
        await writeRenamed(await unzipped(file), unnamed, [])
      } catch (error) {
        signal.throwIfAborted()
        const { code, message } = error as NodeJS.ErrnoException
        throw new EngineError(
          code === 'ENOENT' ? `there is no ${shown}` : `no archive of an image: ${message}`,
        )
      }
      const outcome = await docker(['load', '--input', unnamed], { signal, timeoutMs: LOAD_MS })
      const loaded = /Loaded image(?: ID)?: (\S+)/.exec(outcome.stdout)?.[1]
      if (!succeeded(outcome) || loaded === undefined) throw new EngineError(saidBy(outcome))
      return loaded
    })
    const reference = imageName(name, owner)
    await make(['tag', id, reference], signal)
    return {
      check: { ...check, verdict: 'pass', detail: `${shown} is ${id}` },
      image: { reference, instructions: [] },
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    return { check: { ...check, verdict: 'fail', detail: error.message, location: { file: shown } } }
  } finally {
    await rm(unnamed, { force: true })
  }
}

/** The bytes of a tar, which may be through gzip. Rejects when it cannot be read. */
async function unzipped(file: string) {
  await using handle = await open(file)
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
  const bytes = createReadStream(file)
  if (!buffer.equals(Buffer.from([0x1f, 0x8b]))) return bytes
  // What goes wrong on the way, the reader of its end hears.
  return pipeline(bytes, createGunzip(), () => undefined)
}

import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { environmentWith } from './environment.ts'
import { appears } from './running-action.ts'
import { execute } from './suite.ts'

/** Before a command that only root may run, as scripts/verify has it. */
export const AS_ROOT: readonly string[] = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive']

/**
 * The file system is mounted in a namespace of its own, with which it goes. So is the network: an engine without a bridge
 * removes that of the machine's other engine.
 */
const PROGRAM = `mount -t tmpfs -o "size=$1" tmpfs "$2/data" && exec dockerd \
--data-root "$2/data" --exec-root "$2/exec" --pidfile "$2/pid" --host "unix://$2/socket" --group "$3" \
--storage-driver vfs --bridge none --iptables=false --ip-forward=false --ip-masq=false`

export interface OwnEngine extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly host: string
}

/**
 * An engine that has no more room than `size` (as in 64m) for all of its data. It has no network and changes nothing of
 * the machine's: it can build and load images.
 */
export async function ownEngine(size: string): Promise<OwnEngine> {
  // Not under TMPDIR: the path of a socket may have about a hundred characters.
  const folder = await mkdtemp('/tmp/mesh-engine-')
  mkdirSync(join(folder, 'data'))
  const PATH = [process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter)
  const [file = '', ...args] = [
    ...[...AS_ROOT, 'env', `PATH=${PATH}`, 'unshare', '--mount', '--net', 'sh', '-c', PROGRAM, 'sh'],
    ...[size, folder, String(process.getgid?.())],
  ]
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const said: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const host = `unix://${folder}/socket`
  const engine: OwnEngine = {
    host,
    async [Symbol.asyncDispose]() {
      await asRoot('kill', String(child.pid))
      await ended
      await asRoot('rm', '-rf', folder)
    },
  }
  const failed = ended.then(() => {
    throw new Error(`no engine: ${Buffer.concat(said).toString('utf8').trim().split('\n').at(-1)}`)
  })
  try {
    await Promise.race([appears(join(folder, 'socket')), failed])
    // What is asked now it answers when it is ready.
    using _ = environmentWith({ DOCKER_HOST: host })
    await Promise.race([execute('docker', ['version']), failed])
    return engine
  } catch (error) {
    await engine[Symbol.asyncDispose]()
    throw error
  } finally {
    failed.catch(() => undefined)
  }
}

async function asRoot(...command: readonly string[]): Promise<void> {
  const [file = '', ...args] = [...AS_ROOT, ...command]
  await execute(file, args)
}

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { nameAndPid, type ProcessEntry, processTable } from '../process-table.ts'
import { HOST } from './ports.ts'

/** Where a process waits for connections. */
export interface Endpoint {
  /** An IP address; `0.0.0.0` and `::` mean all of this machine. */
  readonly address: string
  readonly port: number
}

/** Who listens on this machine, seen from some processes. */
export interface Listeners {
  readonly own: readonly Endpoint[]
  readonly others: readonly (Endpoint & { readonly holder: () => string })[]
  /** Whether what is not `own` is certainly somebody else's; false where a process cannot be looked into. */
  readonly certain: boolean
}

const NOBODY_KNOWN: Listeners = { own: [], others: [], certain: false }

/** Where these processes listen, and where everybody else does: from /proc on Linux, elsewhere from lsof, if there. */
export function listeners(processes: readonly ProcessEntry[]): Listeners {
  return process.platform === 'linux' ? listenersInProc(processes) : listenersByLsof(processes)
}

/** Who gets a connection to 127.0.0.1 at a port. */
export type Answering = 'own' | 'nobody' | 'unknown' | { readonly holder: string }

export function whoAnswers(port: number, { own, others, certain }: Listeners): Answering {
  const at = <T extends Endpoint>(endpoints: readonly T[], matches: (endpoint: T) => boolean) =>
    endpoints.find((endpoint) => endpoint.port === port && matches(endpoint))
  // A socket at the address itself goes before one at all addresses; some systems allow both at once.
  for (const matches of [isHost, reachesHost]) {
    if (at(own, matches)) return 'own'
    const other = at(others, matches)
    if (other) return certain ? { holder: other.holder() } : 'unknown'
  }
  return certain ? 'nobody' : 'unknown'
}

/** What is wrong with where a service listens, when it is not where it was asked to; undefined when nothing is. */
export function misplaced(port: number, own: readonly Endpoint[]): string | undefined {
  if (own.length === 0 || own.some((one) => one.port === port && reachesHost(one))) return undefined
  const samePort = own.filter((one) => one.port === port)
  if (samePort.length > 0) return `listens on ${named(samePort)} only, asked ${HOST}:${port}`
  return `listens on ${named(own)}, asked ${port}`
}

function named(endpoints: readonly Endpoint[]): string {
  const names = endpoints.map(({ address, port }) =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
  )
  return [...new Set(names)].join(' and ')
}

const isHost = ({ address }: Endpoint) => address === HOST || address === `::ffff:${HOST}`

const reachesHost = (endpoint: Endpoint) =>
  isHost(endpoint) || endpoint.address === '0.0.0.0' || endpoint.address === '::'

function listenersInProc(processes: readonly ProcessEntry[]): Listeners {
  const held = processes.map(({ pid }) => socketsOf(pid))
  const inodes = new Set(held.flatMap((one) => one ?? []))
  const all = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(socketTable)
  return {
    own: all.filter(({ inode }) => inodes.has(inode)),
    others: all
      .filter(({ inode }) => !inodes.has(inode))
      .map((one) => ({ ...one, holder: () => holderOf(one.inode) })),
    certain: !held.includes(undefined),
  }
}

interface Socket extends Endpoint {
  readonly inode: string
}

/** The listening sockets of one of the kernel's tables; none where it has no such table. */
export function socketTable(file: string): readonly Socket[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return text.split('\n').flatMap((line) => {
    // `sl local_address rem_address st … uid timeout inode`; state 0A is LISTEN.
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    const [address, port] = local.split(':')
    if (state !== '0A' || address === undefined || port === undefined) return []
    return [{ address: fromKernel(address), port: Number.parseInt(port, 16), inode }]
  })
}

/** An address as the kernel prints it: words of 32 bits, each in the order of the machine's bytes (little-endian). */
function fromKernel(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, 'hex').reverse()])
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.slice(0, 12).join() === '0,0,0,0,0,0,0,0,0,0,255,255')
    return `::ffff:${bytes.slice(12).join('.')}`
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  )
  // URL writes an address in its shortest form.
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}

/** The sockets that a process holds; undefined where it may not be looked into, none when it is gone. */
function socketsOf(pid: number): readonly string[] | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => inodeOf(`/proc/${pid}/fd/${fd}`) ?? [])
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EACCES' || code === 'EPERM' ? undefined : []
  }
}

function inodeOf(link: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.[1]
  } catch {
    // Closed since the folder was read.
    return undefined
  }
}

function holderOf(inode: string): string {
  const holder = processTable().find(({ pid }) => socketsOf(pid)?.includes(inode))
  return holder ? nameAndPid(holder) : 'a process of another user'
}

/** As lsof tells it, which is on every macOS and shows the processes of this user. */
export function listenersByLsof(processes: readonly ProcessEntry[]): Listeners {
  const text = lsof()
  if (text === undefined) return NOBODY_KNOWN
  const pids = new Set(processes.map(({ pid }) => pid))
  const own: Endpoint[] = []
  const others: (Endpoint & { readonly holder: () => string })[] = []
  let pid = 0
  let name = ''
  for (const line of text.split('\n')) {
    const value = line.slice(1)
    if (line.startsWith('p')) pid = Number(value)
    if (line.startsWith('c')) name = value
    if (!line.startsWith('n')) continue
    const colon = value.lastIndexOf(':')
    // `*` is all addresses, of either version of IP.
    const address = value.slice(0, colon).replace(/^\[|\]$/g, '')
    const endpoint = { address: address === '*' ? '0.0.0.0' : address, port: Number(value.slice(colon + 1)) }
    const holder = nameAndPid({ name, pid })
    if (pids.has(pid)) own.push(endpoint)
    else others.push({ ...endpoint, holder: () => holder })
  }
  return { own, others, certain: true }
}

function lsof(): string | undefined {
  try {
    return execFileSync('lsof', ['-nP', '-iTCP', '-sTCP:LISTEN', '-Fpcn'], {
      timeout: 5_000,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    // Not there, or it found nothing, which it calls a failure.
    return undefined
  }
}

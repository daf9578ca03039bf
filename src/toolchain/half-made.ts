import { createHash } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { isAlive } from '../process/alive.ts'

/** After this long nobody is still at work on something, wherever that was. */
const ABANDONED_MS = 24 * 60 * 60_000

/** A name that `folderBeside` or `nameAside` gave, or an earlier version of the suite. */
const HALF_MADE = /\.(?:new|old)-(?:(?<owner>[0-9a-f]{8}-\d+)-)?[^./]+$/

/**
 * A fresh folder beside a target, in which it is made before it gets its real name. What runs that were killed left
 * beside it is swept away first.
 */
export async function folderBeside(target: string): Promise<string> {
  await sweep(dirname(target))
  return mkdtemp(`${target}.new-${ownerTag()}-`)
}

/** The name under which a folder is put out of its place before it is removed. */
export function nameAside(target: string): string {
  return `${target}.old-${ownerTag()}-${Date.now()}`
}

/** This process as others can tell it, in a name or a file. */
export function ownerTag(): string {
  return `${machine()}-${process.pid}`
}

/** Whether who left a tag is at work no more: its process is gone, or, on another machine, nothing changed for a day. */
export function isAbandoned(tag: string | undefined, changedMs: number): boolean {
  return Date.now() - changedMs > ABANDONED_MS || isGone(tag)
}

/** Whether who left a tag was a process of this machine that is no more; false where that cannot be told. */
export function isGone(tag: string | undefined): boolean {
  const [where, pid] = tag?.split('-') ?? []
  return where === machine() && !isAlive(Number(pid))
}

/** Removes what runs that are no more have left half-made, or half-removed, in a folder. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const match = HALF_MADE.exec(name)
    if (!match) continue
    const path = join(folder, name)
    try {
      const { mtimeMs } = await stat(path)
      if (isAbandoned(match.groups?.owner, mtimeMs)) await rm(path, { recursive: true, force: true })
    } catch (error) {
      // Another run sweeps here as well, and what is another user's stays.
      if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    }
  }
}

/** Names the machine and, on Linux, the space in which its process ids count: containers may share a host's name. */
function machine(): string {
  return createHash('sha256').update(`${hostname()} ${pidSpace()}`).digest('hex').slice(0, 8)
}

function pidSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

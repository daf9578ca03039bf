import { posix } from 'node:path'
import { compilesGo, type Instruction } from './dockerfile.ts'

/** What cross-compile-go makes, as a build context knows it. */
export interface BuiltFiles {
  /** Folders relative to the build context. */
  readonly folders: readonly string[]
  /** What programs are called, without platform. */
  readonly programs: readonly string[]
}

/**
 * The first instruction by which a Dockerfile takes a binary of cross-compile-go: out of one of its folders, or by the
 * name of a program. Undefined for one that takes none, or that compiles its own.
 */
export function copyOfBinary(
  instructions: readonly Instruction[],
  { folders, programs }: BuiltFiles,
): Instruction | undefined {
  if (compilesGo(instructions)) return undefined
  const isBinary = (source: string) => {
    const path = posix.normalize(source.replace(/^\/+/, '')).replace(/\/$/, '')
    const name = posix.basename(path)
    return (
      folders.some((folder) => path === folder || path.startsWith(`${folder}/`)) ||
      programs.some((program) => name === program || /^-(linux|\$|\*)/.test(restOf(name, program)))
    )
  }
  return instructions.find((instruction) => sourcesOf(instruction).some(isBinary))
}

/** What follows a program's name in the name of a file; empty where it is another's. */
function restOf(name: string, program: string): string {
  return name.startsWith(program) ? name.slice(program.length) : ''
}

/** What an instruction takes from the build context, as it is written there. */
function sourcesOf({ name, rest }: Instruction): readonly string[] {
  const [, flags = '', operands = ''] = /^((?:--\S+\s+)*)(.*)$/s.exec(rest) ?? []
  if (name === 'RUN') return mountsIn(flags)
  if ((name !== 'COPY' && name !== 'ADD') || /--from=/.test(flags)) return []
  const paths = operands.startsWith('[') ? quoted(operands) : operands.split(/\s+/)
  return paths.slice(0, -1).filter((path) => !path.startsWith('<<') && !path.includes('://'))
}

/** RUN --mount=type=bind,source=bin,target=/bin sees the context without a copy. */
function mountsIn(flags: string): readonly string[] {
  return [...flags.matchAll(/--mount=(\S+)/g)].flatMap(([, mount = '']) => {
    const settings = new Map(
      mount.split(',').map((setting) => setting.split('=', 2) as [string, string | undefined]),
    )
    if ((settings.get('type') ?? 'bind') !== 'bind' || settings.has('from')) return []
    const source = settings.get('source') ?? settings.get('src')
    return source === undefined ? [] : [source]
  })
}

function quoted(operands: string): readonly string[] {
  return [...operands.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, path = '']) => path)
}

/** What an executable's own headers say of it. */
export interface Elf {
  /** As Go and Docker call it: amd64, arm64. */
  readonly architecture: string
  /** The loader that it needs, as /lib64/ld-linux-x86-64.so.2; undefined when it is static. */
  readonly interpreter: string | undefined
}

/** ELF's numbers of machines, by the names of GOARCH. */
const MACHINES: Readonly<Record<number, string>> = {
  3: '386',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  21: 'ppc64le',
  22: 's390x',
  243: 'riscv64',
}

const PT_INTERP = 3

/** Reads the first bytes of a file; undefined when it is no ELF executable. */
export function readElf(head: Buffer): Elf | undefined {
  if (head.length < 64 || head.readUInt32BE(0) !== 0x7f454c46) return undefined
  const is64 = head[4] === 2
  const isLittle = head[5] === 1
  const u16 = (at: number) => (isLittle ? head.readUInt16LE(at) : head.readUInt16BE(at))
  const u32 = (at: number) => (isLittle ? head.readUInt32LE(at) : head.readUInt32BE(at))
  const word = (at: number) =>
    is64 ? Number(isLittle ? head.readBigUInt64LE(at) : head.readBigUInt64BE(at)) : u32(at)
  const table = word(is64 ? 32 : 28)
  const [size, count] = [u16(is64 ? 54 : 42), u16(is64 ? 56 : 44)]
  let interpreter: string | undefined
  for (let index = 0; index < count; index++) {
    const at = table + index * size
    if (at + size > head.length) break
    if (u32(at) !== PT_INTERP) continue
    const [offset, length] = [word(at + (is64 ? 8 : 4)), word(at + (is64 ? 32 : 16))]
    interpreter =
      head
        .subarray(offset, offset + length)
        .toString('latin1')
        .replace(/\0.*$/s, '') || 'a loader'
  }
  return { architecture: MACHINES[u16(18)] ?? `machine ${u16(18)}`, interpreter }
}

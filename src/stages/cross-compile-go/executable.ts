/** What kind of program a file is, read from its first bytes. */
export interface Executable {
  readonly format: 'elf' | 'mach-o' | 'pe' | 'wasm'
  /** GOARCH, where the header's machine is one that Go builds for. */
  readonly architecture: string | undefined
}

/** e_machine of ELF, as in the System V ABI. The 64-bit class tells mips and ppc variants apart no further. */
const ELF_MACHINES: Readonly<Record<number, string>> = {
  3: '386',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
  22: 's390x',
}
/** cputype of Mach-O, with the 64-bit flag. */
const MACH_CPUS: Readonly<Record<number, string>> = { 16777223: 'amd64', 16777228: 'arm64' }
/** Machine of the COFF header in a PE file. */
const PE_MACHINES: Readonly<Record<number, string>> = {
  332: '386',
  34404: 'amd64',
  43620: 'arm64',
  452: 'arm',
}

/** Reads a file's header; undefined when it is no program that Go makes. Needs at least its first 4 KiB. */
export function readExecutable(bytes: Buffer): Executable | undefined {
  if (bytes.length < 64) return undefined
  const magic = bytes.readUInt32BE(0)
  if (magic === 0x7f454c46) {
    const little = bytes[5] === 1
    return {
      format: 'elf',
      architecture: elfArchitecture(little ? bytes.readUInt16LE(18) : bytes.readUInt16BE(18), little),
    }
  }
  if (magic === 0xcffaedfe) return { format: 'mach-o', architecture: MACH_CPUS[bytes.readUInt32LE(4)] }
  if (magic === 0x0061736d) return { format: 'wasm', architecture: 'wasm' }
  if (bytes.toString('latin1', 0, 2) === 'MZ') {
    const header = bytes.readUInt32LE(60)
    if (header + 6 > bytes.length || bytes.toString('latin1', header, header + 4) !== 'PE\0\0')
      return undefined
    return { format: 'pe', architecture: PE_MACHINES[bytes.readUInt16LE(header + 4)] }
  }
  return undefined
}

/** Whether headers of a format say this GOARCH by a machine of its own that is known here. */
export function isNamedInHeaders(format: Executable['format'], goarch: string): boolean {
  switch (format) {
    case 'elf':
      return goarch === 'ppc64' || goarch === 'ppc64le' || Object.values(ELF_MACHINES).includes(goarch)
    case 'mach-o':
      return Object.values(MACH_CPUS).includes(goarch)
    case 'pe':
      return Object.values(PE_MACHINES).includes(goarch)
    case 'wasm':
      return goarch === 'wasm'
    default:
      return format satisfies never
  }
}

function elfArchitecture(machine: number, little: boolean): string | undefined {
  if (machine === 21) return little ? 'ppc64le' : 'ppc64'
  return ELF_MACHINES[machine]
}

/** The format that programs of a GOOS have; undefined for the rare ones that are not known here. */
export function formatOf(goos: string): Executable['format'] | undefined {
  switch (goos) {
    case 'windows':
      return 'pe'
    case 'darwin':
    case 'ios':
      return 'mach-o'
    case 'js':
    case 'wasip1':
      return 'wasm'
    case 'aix':
    case 'plan9':
      return undefined
    default:
      return 'elf'
  }
}

/** GOOS, where Node calls it otherwise. */
const OPERATING_SYSTEMS: Readonly<Record<string, string>> = { win32: 'windows', sunos: 'solaris' }

/** GOARCH by Node's names, which are also those of the tool cache. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  ppc64: 'ppc64le',
  mipsel: 'mipsle',
}

/** The folder of the tool cache for this machine: x64, arm64. */
export const CACHE_ARCH: string = process.arch

export const GOOS: string = OPERATING_SYSTEMS[process.platform] ?? process.platform
export const GOARCH: string = ARCHITECTURES[process.arch] ?? process.arch

/** This machine as GOOS/GOARCH. */
export const HOST_PLATFORM: string = `${GOOS}/${GOARCH}`

/** The archive's word for this machine: its one build for 32-bit ARM is called after the processor. */
export const ARCHIVE_ARCH: string = GOARCH === 'arm' ? 'armv6l' : GOARCH

/** The file name of Go's program. */
export const GO_PROGRAM: string = process.platform === 'win32' ? 'go.exe' : 'go'

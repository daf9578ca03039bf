import { posix } from 'node:path'
import type { Check } from '../../result/stage-result.ts'
import type { ImageArchive } from './archive.ts'
import { floatingBases } from './bases.ts'
import type { MadeImage } from './build.ts'
import { dockerfileOf, type ImageSpec } from './chosen.ts'
import { compilesGo } from './dockerfile.ts'
import { readElf } from './elf.ts'
import { allFiles, type PlacedFile, resolved, visibleFiles } from './file-system.ts'

/** A hash of a binary that cross-compile-go proved, with its path. */
export type VerifiedBinaries = ReadonlyMap<string, string>

const SHOWN = 5

/** What an image holds: nothing that must not be given away, nothing that is not needed, and the binary that was proved. */
export function contentChecks({
  name,
  archive,
  image: { instructions },
  spec,
  verified,
}: {
  readonly name: string
  readonly archive: ImageArchive
  readonly image: MadeImage
  readonly spec: ImageSpec
  readonly verified: VerifiedBinaries
}): readonly Check[] {
  const files = visibleFiles(archive.layers)
  return [
    secretsCheck(name, allFiles(archive.layers), archive),
    listCheck(
      `leftovers/${name}`,
      `${name} has no cache of a package manager`,
      files.filter(({ path, type }) => type === 'file' && CACHES.some((cache) => cache.test(path))),
    ),
    listCheck(`world-writable/${name}`, `nobody may change files of ${name}`, files.filter(isWorldWritable)),
    userCheck(name, archive.config.config?.User ?? ''),
    ...floatingBases(instructions, spec['build-args']).map(
      ({ image, line }): Check => ({
        id: `base/${name}/${line}`,
        title: `the base of ${name} is fixed`,
        verdict: 'skipped',
        detail: `${WARNING}FROM ${image} is another image tomorrow`,
        fix: 'name it with its digest: image@sha256:…',
        location: { file: dockerfileOf(spec), line },
      }),
    ),
    programCheck(name, archive, files),
    verifiedCheck(name, files, instructions, verified),
  ]
}

const WARNING = 'warning: '

/** What a user should know of a check that is no verdict, in a line; undefined for all other checks. */
export function warningOf({ location, detail }: Check): string | undefined {
  if (detail?.startsWith(WARNING) !== true) return undefined
  return `${location?.file}:${location?.line}: ${detail.slice(WARNING.length)}`
}

const CACHES: readonly RegExp[] = [
  /^\/var\/cache\/(apt\/archives\/.*\.deb|apk\/)/,
  /^\/var\/lib\/apt\/lists\/./,
  /\/\.cache\/(pip|uv|go-build|pypoetry)\//,
  /\/\.npm\/_cacache\//,
  /^\/go\/pkg\/mod\//,
]

function secretsCheck(name: string, files: readonly PlacedFile[], { layers }: ImageArchive): Check {
  const found = files.filter(({ path, type, head }) => {
    if (/\/\.git(\/|$)/.test(path)) return true
    if (type !== 'file') return false
    if (/^\.env(\.(?!example$|sample$|template$).+)?$/.test(posix.basename(path))) return true
    return /^\s*-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(head.subarray(0, 200).toString('latin1'))
  })
  const check = { id: `secrets/${name}`, title: `${name} gives nothing away` }
  const [first] = found
  if (!first) return { ...check, verdict: 'pass', detail: 'no .git, no .env, no private key in any layer' }
  const hidden =
    first.layer < layers.length - 1 && !visibleFiles(layers).some(({ path }) => path === first.path)
  const place = hidden ? ` (deleted later, but still in layer ${first.layer + 1} of ${layers.length})` : ''
  const more = found.length > 1 ? ` and ${found.length - 1} more` : ''
  return {
    ...check,
    verdict: 'fail',
    detail: `${first.path}${place}${more}`,
    fix: 'keep it out of the build: .dockerignore, or a secret mount',
  }
}

function listCheck(id: string, title: string, found: readonly PlacedFile[]): Check {
  if (found.length === 0) return { id, title, verdict: 'pass', detail: 'none' }
  const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : ''
  const paths = found.slice(0, SHOWN).map(({ path }) => path)
  return { id, title, verdict: 'fail', detail: `${paths.join(', ')}${more}` }
}

function isWorldWritable({ path, type, mode }: PlacedFile): boolean {
  if (/^\/(tmp|var\/tmp|dev|proc|sys)(\/|$)/.test(path)) return false
  if (type === 'directory') return (mode & 0o002) !== 0 && (mode & 0o1000) === 0
  return type === 'file' && (mode & 0o002) !== 0
}

function userCheck(name: string, user: string): Check {
  const check = { id: `user/${name}`, title: `${name} does not run as root` }
  const [account = ''] = user.split(':')
  if (account === '' || account === 'root' || account === '0') {
    const detail = account === '' ? 'it sets no USER' : `USER ${user}`
    return { ...check, verdict: 'fail', detail, fix: 'USER 65532:65532, or another number above 0' }
  }
  return { ...check, verdict: 'pass', detail: `USER ${user}` }
}

/** Whether the port that a server listens on is the one that its image declares. */
export function exposedCheck(name: string, port: number, { config }: ImageArchive): Check {
  const check = { id: `exposed/${name}`, title: `${name} exposes its port` }
  const ports = Object.keys(config.config?.ExposedPorts ?? {})
  if (ports.length === 0) return { ...check, verdict: 'skipped', detail: 'it exposes none' }
  if (ports.includes(`${port}/tcp`)) return { ...check, verdict: 'pass', detail: `EXPOSE ${port}` }
  const others = ports.map((one) => one.replace('/tcp', '')).join(', ')
  return { ...check, verdict: 'fail', detail: `it exposes ${others}, but its port is ${port}` }
}

/** Whether the program that the image starts can run in it: built for its architecture, with the loader that it needs. */
function programCheck(name: string, { config }: ImageArchive, files: readonly PlacedFile[]): Check {
  const check = { id: `program/${name}`, title: `what ${name} starts can run in it` }
  const [command] = [...(config.config?.Entrypoint ?? []), ...(config.config?.Cmd ?? [])]
  if (command === undefined) return { ...check, verdict: 'fail', detail: 'it has neither ENTRYPOINT nor CMD' }
  const path =
    config.config?.Env?.find((one) => one.startsWith('PATH='))?.slice('PATH='.length) ?? '/usr/bin:/bin'
  const candidates = command.includes('/')
    ? [posix.join('/', command)]
    : path.split(':').map((folder) => posix.join(folder, command))
  const byPath = new Map(files.map((file) => [file.path, file]))
  const program = candidates.map((one) => resolved(byPath, one)).find((file) => file !== undefined)
  if (!program) return { ...check, verdict: 'fail', detail: `${command} is not in it` }
  const elf = readElf(program.head)
  if (!elf) return { ...check, verdict: 'pass', detail: `${program.path} is a script` }
  if (config.architecture !== undefined && elf.architecture !== config.architecture) {
    return {
      ...check,
      verdict: 'fail',
      detail: `${program.path} is built for ${elf.architecture}, the image is for ${config.architecture}`,
    }
  }
  if (elf.interpreter !== undefined && !resolved(byPath, elf.interpreter)) {
    return {
      ...check,
      verdict: 'fail',
      detail: `${program.path} is dynamic and needs ${elf.interpreter}, which is not in the image`,
      fix: 'build it with CGO_ENABLED=0, or take a base with that library',
    }
  }
  const kind = elf.interpreter === undefined ? 'static' : `dynamic, with ${elf.interpreter}`
  return { ...check, verdict: 'pass', detail: `${program.path}: ${elf.architecture}, ${kind}` }
}

function verifiedCheck(
  name: string,
  files: readonly PlacedFile[],
  instructions: MadeImage['instructions'],
  verified: VerifiedBinaries,
): Check {
  const check = { id: `verified/${name}`, title: `${name} holds the binary that was proved` }
  const found = files.find(({ sha256 }) => sha256 !== undefined && verified.has(sha256))
  if (found) {
    return { ...check, verdict: 'pass', detail: `${found.path} is ${verified.get(found.sha256 ?? '')}` }
  }
  if (compilesGo(instructions)) {
    return { ...check, verdict: 'skipped', detail: 'it compiles its own, which nothing else was asked of' }
  }
  if (verified.size === 0)
    return { ...check, verdict: 'skipped', detail: 'there are no binaries to hold it against' }
  if (instructions.length === 0) return { ...check, verdict: 'skipped', detail: 'it was there already' }
  return { ...check, verdict: 'fail', detail: 'no file in it is one of binaries.json' }
}

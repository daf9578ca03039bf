import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { ARCHIVE_ARCH, GOARCH, GOOS } from '../../../../src/stages/setup-mesh-toolchain/go/platform.ts'
import { listening } from '../../../support/listening.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { fakeGo, goScript } from './machine.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => unknown

export interface LocalServer extends AsyncDisposable {
  readonly address: string
  /** The paths that were asked for, in order. */
  readonly asked: readonly string[]
}

/** What a server shows for itself, as PEM. */
export interface Identity {
  readonly key: string
  readonly cert: string
}

/**
 * A server on a free port of 127.0.0.1, gone with all of its connections when its scope ends; of HTTPS where it has an
 * identity.
 */
export async function serve(answer: Answer, identity?: Identity): Promise<LocalServer> {
  const asked: string[] = []
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.url ?? '')
    answer(response, request)
  }
  const server = await listening(identity ? createTlsServer(identity, listener) : createServer(listener))
  return { ...server, address: `${identity ? 'https' : 'http'}://127.0.0.1:${server.port}`, asked }
}

/** Half of an answer, and then the connection ends. */
export function breakOff(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { 'content-length': body.length })
  response.write(body.subarray(0, body.length / 2), () => response.destroy())
}

export interface ArchiveOptions {
  /** What stands in the list beside the file, where that differs. */
  readonly sha256?: string
  readonly says?: string
  /** In the file's stead. */
  readonly answer?: (response: ServerResponse, archive: Buffer, nth: number) => unknown
}

/** An archive as go.dev/dl, with one fake release for this machine and some that are only listed. */
export async function archiveServer(version: string, options: ArchiveOptions = {}): Promise<LocalServer> {
  const archive = await archiveOf(options.says ?? version)
  const filename = `go${version}.${GOOS}-${ARCHIVE_ARCH}.tar.gz`
  const sha256 = options.sha256 ?? createHash('sha256').update(archive).digest('hex')
  const file = (name: string) => ({ filename: name, os: GOOS, arch: ARCHIVE_ARCH, sha256, kind: 'archive' })
  const list = [
    { version: 'go1.100rc1', stable: false, files: [file('go1.100rc1.tar.gz')] },
    {
      version: `go${version}`,
      stable: true,
      files: [{ ...file('x.src.tar.gz'), os: '', kind: 'source' }, file(filename)],
    },
    { version: 'go1.99.0', stable: true, files: [file('go1.99.0.tar.gz')] },
    { version: 'go1.9.2rc2', stable: false, files: [] },
    { version: 'go1.98', stable: true, files: [{ ...file('other.tar.gz'), os: 'plan9' }] },
  ]
  let nth = 0
  return serve((response, request) => {
    if (request.url === '/?mode=json&include=all') return response.end(JSON.stringify(list))
    if (request.url !== `/${filename}`) return response.writeHead(404).end()
    nth++
    return options.answer ? options.answer(response, archive, nth) : response.end(archive)
  })
}

async function archiveOf(version: string): Promise<Buffer> {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'go', 'bin'), { recursive: true })
  await fakeGo(join(folder.path, 'go', 'bin', 'go'), version)
  execFileSync('tar', ['-czf', 'archive.tar.gz', 'go'], { cwd: folder.path })
  return readFile(join(folder.path, 'archive.tar.gz'))
}

/** The module version that holds a toolchain for this machine. */
export function moduleVersion(version: string): string {
  return `v0.0.1-go${version}.${GOOS}-${GOARCH}`
}

/** A fake toolchain as a module's zip. */
export function toolchainZip(version: string): Buffer {
  const prefix = `golang.org/toolchain@${moduleVersion(version)}`
  return zip({
    [`${prefix}/bin/go`]: goScript(version),
    [`${prefix}/pkg/tool/${GOOS}_${GOARCH}/none`]: '',
    [`${prefix}/bin/gofmt`]: '',
    [`${prefix}/lib/none`]: '',
    [`${prefix}/src/_go.mod`]: 'module std\n',
  })
}

/** A zip of uncompressed files. */
export function zip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text)
    // Version needed, flags, method, time, date, CRC, both sizes, length of the name, of the extra field.
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(content.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(name.length, 22)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), content])
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), common, rest, Buffer.from(name)]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(central.length, 8)
  end.writeUInt16LE(central.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

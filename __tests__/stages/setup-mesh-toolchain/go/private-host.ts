import { execFileSync } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFiles } from '../../../support/go-module.ts'
import { commitAll } from '../../../support/sample.ts'
import { goEnv } from './machine.ts'
import { type Identity, type LocalServer, serve, zip } from './servers.ts'

export const LOGIN = 'ada'
/** Of signs that mean something in an address. */
export const PASSWORD = 'hunter2/is%41:no@good#'

/** A certificate of 127.0.0.1 that vouches for itself, by the program for it that every Go has; its file. */
export async function selfMade(folder: string): Promise<Identity & { readonly file: string }> {
  await mkdir(folder, { recursive: true })
  const program = join(goEnv('GOROOT'), 'src', 'crypto', 'tls', 'generate_cert.go')
  execFileSync('go', ['run', program, '-host', '127.0.0.1', '-ca', '-ecdsa-curve', 'P256'], {
    cwd: folder,
    stdio: 'ignore',
  })
  const file = join(folder, 'cert.pem')
  return { file, cert: await readFile(file, 'utf8'), key: await readFile(join(folder, 'key.pem'), 'utf8') }
}

const MODULE = 'example.com/private'
const VERSION = 'v1.0.0'
const GO_MOD = `module ${MODULE}\n\ngo 1.24\n`

/** A module proxy with one module, example.com/private v1.0.0, for those alone who say the right password. */
export function privateProxy(identity?: Identity): Promise<LocalServer> {
  const files: Readonly<Record<string, Buffer | string>> = {
    list: `${VERSION}\n`,
    [`${VERSION}.info`]: JSON.stringify({ Version: VERSION }),
    [`${VERSION}.mod`]: GO_MOD,
    [`${VERSION}.zip`]: zip({
      [`${MODULE}@${VERSION}/go.mod`]: GO_MOD,
      [`${MODULE}@${VERSION}/private.go`]: 'package private\n',
    }),
  }
  return guarded(async (path) => files[path.replace(`/${MODULE}/@v/`, '')], identity)
}

/** A git server with one repository, /private, whose tag v1.0.0 is a module of this name; for the same people. */
export async function privateGit(folder: string, module: string, identity: Identity): Promise<LocalServer> {
  const work = join(folder, 'work')
  await writeFiles(work, { 'go.mod': `module ${module}\n\ngo 1.24\n`, 'private.go': 'package private\n' })
  const git = (...args: string[]) => execFileSync('git', args, { cwd: work, stdio: 'ignore' })
  git('init', '--quiet')
  commitAll(work)
  git('tag', VERSION)
  git('clone', '--quiet', '--bare', '.', join(folder, 'private'))
  git('--git-dir', join(folder, 'private'), 'update-server-info')
  // The repository as files is all that git's older protocol needs.
  return guarded((path) => readFile(join(folder, path)).catch(() => undefined), identity)
}

function guarded(
  answer: (path: string) => Promise<Buffer | string | undefined>,
  identity: Identity | undefined,
): Promise<LocalServer> {
  const right = `Basic ${Buffer.from(`${LOGIN}:${PASSWORD}`).toString('base64')}`
  return serve(async (response, { url = '', headers }) => {
    if (headers.authorization !== right) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="private"', 'content-type': 'text/plain' })
      return response.end('Who are you?\nGo away.\n')
    }
    const body = await answer(decodeURIComponent(url.replace(/\?.*/s, '')))
    return body === undefined ? response.writeHead(404).end() : response.end(body)
  }, identity)
}

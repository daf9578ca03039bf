import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readdir, readFile, realpath, rename, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { execute, ROOT } from './suite.ts'
import { temporaryFolder } from './temporary-folder.ts'

const KEPT = join(ROOT, 'node_modules', '.cache', 'docker-base')
const REQUIREMENTS = join(ROOT, 'examples', 'mesh-sample', 'requirements.txt')

/** What builds the sample's packages. */
const BUILD_BACKEND = 'hatchling==1.27.0'

/** What of the standard library no image needs. */
const LEFT_OUT = new Set([
  ...['__pycache__', 'site-packages', 'dist-packages', 'EXTERNALLY-MANAGED'],
  ...['test', 'idlelib', 'tkinter', 'turtledemo', 'lib2to3', 'ensurepip'],
])

/** `docker import --change` for the base. */
export const PYTHON_BASE_CHANGES = [
  'ENV PATH=/usr/local/bin:/usr/bin:/bin',
  'ENV LANG=C.UTF-8',
  'CMD ["python3"]',
]

/**
 * The tar of a small base image, as python:3.11-slim would be one, where no image can be pulled: this machine's own
 * Python, the sample's dependencies and what builds its packages. It is made once and kept.
 */
export async function pythonBase(): Promise<string> {
  const python = await machinePython()
  const recipe = [
    python.executable,
    python.version,
    BUILD_BACKEND,
    await readFile(REQUIREMENTS, 'utf8'),
    await readFile(import.meta.filename, 'utf8'),
  ]
  const tar = join(KEPT, `${createHash('sha256').update(recipe.join('\0')).digest('hex').slice(0, 16)}.tar`)
  if (existsSync(tar)) return tar
  await using folder = await temporaryFolder()
  const root = join(folder.path, 'root')
  await installPython(python, root)
  await installPackages(python, root, folder.path)
  await installSystem(root)
  await copyLibraries(root)
  await mkdir(KEPT, { recursive: true })
  const half = `${tar}.${process.pid}`
  await command('tar', '--create', '--owner=0', '--group=0', '--numeric-owner', '-f', half, '-C', root, '.')
  await rename(half, tar)
  return tar
}

interface Python {
  readonly executable: string
  /** Like 3.11.7. */
  readonly version: string
  /** The folder of its standard library. */
  readonly library: string
}

/** Also of a virtual environment it is the Python that it was made with. */
async function machinePython(): Promise<Python> {
  const program = `import json, os, platform, sys, sysconfig
print(json.dumps({
    "executable": os.path.realpath(sys.executable),
    "version": platform.python_version(),
    "library": sysconfig.get_path("stdlib"),
}))`
  return JSON.parse(await command('python3', '-c', program))
}

const libraryOf = ({ version }: Python) =>
  join('usr', 'local', 'lib', `python${version.split('.').slice(0, 2).join('.')}`)

async function installPython(python: Python, root: string): Promise<void> {
  const bin = join(root, 'usr', 'local', 'bin')
  await mkdir(bin, { recursive: true })
  await cp(python.executable, join(bin, 'python3'))
  await symlink('python3', join(bin, 'python'))
  await cp(python.library, join(root, libraryOf(python)), {
    recursive: true,
    filter: (source) => !LEFT_OUT.has(basename(source)) && !basename(source).startsWith('config-'),
  })
}

async function installPackages(python: Python, root: string, work: string): Promise<void> {
  const packages = join(root, libraryOf(python), 'site-packages')
  // Debian's own Python looks there.
  await symlink('site-packages', join(root, libraryOf(python), 'dist-packages'))
  const environment = join(work, 'environment')
  await command(python.executable, '-m', 'venv', environment)
  const pip = (...args: string[]) =>
    command(
      join(environment, 'bin', 'python'),
      ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile'],
      ...['--target', packages, ...args],
    )
  await pip('--require-hashes', '--requirement', REQUIREMENTS)
  await pip('pip', BUILD_BACKEND)
}

/** What a Dockerfile takes for granted: a shell, users, a place for temporary files. */
async function installSystem(root: string): Promise<void> {
  for (const folder of ['bin', 'etc', 'root', 'tmp']) await mkdir(join(root, folder), { recursive: true })
  await chmod(join(root, 'tmp'), 0o1777)
  await cp(await realpath('/bin/sh'), join(root, 'bin', 'sh'))
  await writeFile(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  await writeFile(join(root, 'etc', 'group'), 'root:x:0:\n')
}

/** Adds the shared libraries that the programs and modules in there need, where the loader looks for them. */
async function copyLibraries(root: string): Promise<void> {
  const names = await readdir(root, { recursive: true })
  const binaries = names.filter((name) => /\.so(\.|$)|(^|\/)bin\/(sh|python3)$/.test(name))
  const needed = new Set<string>()
  for (const binary of binaries) {
    const said = await command('ldd', join(root, binary))
    for (const [path] of said.matchAll(/(?<=^\s*(\S+ => )?)\/\S+(?= \(0x)/gm)) needed.add(path)
  }
  const libc = [...needed].find((path) => basename(path) === 'libc.so.6')
  if (libc === undefined) throw new Error('this Python is not linked with glibc')
  for (const path of needed) {
    // A package brings some of its own.
    if (!relative(root, path).startsWith(`..${sep}`)) continue
    const place = basename(path).startsWith('ld-') ? path : join(dirname(libc), basename(path))
    await mkdir(dirname(join(root, place)), { recursive: true })
    await cp(await realpath(path), join(root, place))
  }
}

async function command(file: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await execute(file, args)
  if (code !== 0) throw new Error(`${file} ${args.join(' ')}: exit code ${code}\n${stderr}`)
  return stdout.trim()
}

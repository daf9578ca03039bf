import { execFileSync } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { loadProject } from '../../../../src/project/load.ts'
import { ConfigurationError } from '../../../../src/result/configuration-error.ts'
import { findPython } from '../../../../src/stages/setup-mesh-toolchain/python/find.ts'
import { pythonRequest } from '../../../../src/stages/setup-mesh-toolchain/python/request.ts'
import { describeWith } from '../../../support/needs.ts'
import { folderWith } from '../../../support/project.ts'
import {
  answeringAs,
  machinePython,
  type PythonPlaces,
  program,
  pythonPlaces,
} from '../../../support/python.ts'

async function find(version: string, places: PythonPlaces) {
  await using folder = await folderWith({})
  const request = await pythonRequest(loadProject({ directory: folder.path }), [], version)
  return await findPython(request, places)
}

/** A `python3` in the tool cache that answers as this version; complete unless it is said otherwise. */
async function cachedPython(places: PythonPlaces, version: string, says = version, complete = true) {
  const folder = join(places.toolCache ?? '', 'Python', version)
  const executable = join(folder, process.arch, 'bin', 'python3')
  await program(executable, answeringAs(says, executable))
  if (complete) await writeFile(join(folder, `${process.arch}.complete`), '')
  return executable
}

const on = (places: PythonPlaces, name: string) => join(places.folder, 'bin', name)

describe('Python on PATH', () => {
  test('is asked what it is; the name with the version comes first', async () => {
    await using places = await pythonPlaces('')
    await program(on(places, 'python3'), answeringAs('3.12.4', '/opt/a/python3'))
    await program(on(places, 'python3.11'), answeringAs('3.11.7', '/opt/b/python3.11'))
    expect(await find('3.11.7', places)).toEqual({
      version: '3.11.7',
      executable: '/opt/b/python3.11',
      addToPath: undefined,
      where: 'PATH',
      passedOver: [],
    })
  })

  test('of another version is passed over for the next, with its reason in the log', async () => {
    await using places = await pythonPlaces('')
    await program(on(places, 'python3'), answeringAs('3.12.4', '/opt/a/python3'))
    await program(on(places, 'python'), answeringAs('3.11.7', '/opt/b/python'))
    const found = await find('3.11', places)
    expect(found.executable).toBe('/opt/b/python')
    expect(found.passedOver).toEqual([`PATH: ${on(places, 'python3')} is 3.12.4: not 3.11`])
    expect(places.lines).toContain(`Python 3.11: passed over ${found.passedOver[0]}`)
  })

  test.each([
    [
      'ends with an error',
      'echo cannot load libpython >&2; exit 127',
      /exit code 127 \(cannot load libpython\)$/,
    ],
    [
      'is a pyenv shim without that version',
      '(echo "pyenv: python3.11: command not found"; echo; echo hint) >&2; exit 127',
      /\(pyenv: python3\.11: command not found\)$/,
    ],
    ['answers something else', 'echo hello', /is no Python: it does not answer$/],
    ['crashes', 'kill -SEGV $$', /ended by SIGSEGV$/],
    ['is PyPy', answeringAs('3.11.7', '/opt/pypy', 'PyPy'), /is 3\.11\.7: is PyPy, not CPython$/],
  ])('that %s is passed over with its reason', async (_, script, reason) => {
    await using places = await pythonPlaces('')
    await program(on(places, 'python3.11'), script)
    await program(on(places, 'python3'), answeringAs('3.11.9', '/opt/python3'))
    const found = await find('3.11', places)
    expect(found.executable).toBe('/opt/python3')
    expect(found.passedOver).toEqual([expect.stringMatching(reason)])
  })

  test('that may not be executed is passed over', async () => {
    await using places = await pythonPlaces('')
    await writeFile(on(places, 'python3.11'), '')
    await program(on(places, 'python3'), answeringAs('3.11.9', '/opt/python3'))
    expect((await find('3.11', places)).passedOver).toEqual([
      expect.stringMatching(/python3\.11: cannot run .* not executable$/),
    ])
  })

  test('under two names of one file is asked once', async () => {
    await using places = await pythonPlaces('')
    const calls = join(places.folder, 'calls')
    await program(on(places, 'python3.12'), `echo >> '${calls}'; ${answeringAs('3.12.4', '/opt/python3')}`)
    await symlink('python3.12', on(places, 'python3'))
    await cachedPython(places, '3.11.2')
    await find('3.11', places)
    expect(await readFile(calls, 'utf8')).toBe('\n')
  })

  test('is asked without what belongs to the action, and without what would lead it astray', async () => {
    await using places = await pythonPlaces('')
    const seen = join(places.folder, 'seen')
    Object.assign(places.environment, {
      ACTIONS_RUNTIME_TOKEN: 'secret',
      PYTHONHOME: '/nowhere',
      KEPT: 'kept',
    })
    await program(
      on(places, 'python3'),
      `echo "$ACTIONS_RUNTIME_TOKEN,$PYTHONHOME,$KEPT" > '${seen}'; ${answeringAs('3.11.2', '/opt/a')}`,
    )
    await find('3.11', places)
    expect(await readFile(seen, 'utf8')).toBe(',,kept\n')
  })

  test('is the newest one where any will do', async () => {
    await using places = await pythonPlaces('')
    await program(on(places, 'python3'), answeringAs('3.9.2', '/opt/a'))
    await program(on(places, 'python3.9'), answeringAs('3.9.2', '/opt/a'))
    await program(on(places, 'python3.13'), answeringAs('3.13.1', '/opt/c'))
    expect(await find('3.x', places)).toMatchObject({ version: '3.13.1', where: 'PATH' })
  })
})

describe('Python in the tool cache', () => {
  test('is the newest complete one of the version', async () => {
    await using places = await pythonPlaces('')
    await cachedPython(places, '3.11.2')
    const wanted = await cachedPython(places, '3.11.10')
    await cachedPython(places, '3.11.12', '3.11.12', false)
    await cachedPython(places, '3.12.1')
    expect(await find('3.11', places)).toMatchObject({
      version: '3.11.10',
      executable: wanted,
      addToPath: dirname(wanted),
      where: 'tool cache',
    })
  })

  test('comes after PATH where it has nothing newer of the range, and where one version is asked for', async () => {
    await using places = await pythonPlaces('')
    await program(on(places, 'python3'), answeringAs('3.11.2', '/opt/python3'))
    await program(on(places, 'python'), answeringAs('3.11.4', '/opt/python'))
    for (const version of ['3.11.1', '3.11.2', '3.12.1']) await cachedPython(places, version)
    expect(await find('3.11', places)).toMatchObject({ version: '3.11.4', where: 'PATH', passedOver: [] })
    expect(await find('3.11.2', places)).toMatchObject({ version: '3.11.2', where: 'PATH' })
  })

  test.each([
    ['3.11', '3.11.10'],
    ['3.x', '3.14.0'],
  ])('comes before PATH where it has a newer one of the range %s', async (range, newer) => {
    await using places = await pythonPlaces('')
    await program(on(places, 'python3'), answeringAs('3.11.2', '/opt/python3'))
    await cachedPython(places, newer)
    const found = await find(range, places)
    expect(found).toMatchObject({ version: newer, where: 'tool cache' })
    expect(found.passedOver).toEqual([`PATH: /opt/python3 is 3.11.2, and the tool cache has ${newer}`])
  })

  test('that is not what its folder says is passed over', async () => {
    await using places = await pythonPlaces('')
    await cachedPython(places, '3.11.9', '3.10.1')
    const wanted = await cachedPython(places, '3.11.2')
    const found = await find('3.11', places)
    expect(found.executable).toBe(wanted)
    expect(found.passedOver.at(-1)).toMatch(/^tool cache: .* is 3\.10\.1: not 3\.11$/)
  })
})

describe('Python through uv', () => {
  /** A uv that installs a Python which answers as this version, into the folder that it is told. */
  async function installingUv(places: PythonPlaces, version: string) {
    const calls = join(places.folder, 'calls')
    await program(
      on(places, 'uv'),
      `echo "$*" >> '${calls}'
python="$UV_PYTHON_INSTALL_DIR/cpython/bin/python3"
case "$*" in
  --version) echo 'uv 9.9.9' ;;
  'python find'*) if [ -e "$python" ]; then echo "$python"; else echo 'error: none' >&2; exit 2; fi ;;
  'python install'*)
    ${version === '' ? "echo 'error: Failed to download cpython' >&2; echo '  cause: 403 Forbidden' >&2; exit 1" : ''}
    /bin/mkdir -p "$UV_PYTHON_INSTALL_DIR/cpython/bin"
    printf '#!/bin/sh\\necho %s' "'{\\"version\\":\\"${version}\\",\\"executable\\":\\"$python\\",\\"implementation\\":\\"CPython\\"}'" > "$python"
    /bin/chmod +x "$python" ;;
esac`,
    )
    return async () => (await readFile(calls, 'utf8')).match(/python install/g)?.length ?? 0
  }

  test('is fetched into the cache of the user, once', async () => {
    await using places = await pythonPlaces('')
    const installs = await installingUv(places, '3.12.8')
    const found = await find('3.12', places)
    expect(found).toMatchObject({
      version: '3.12.8',
      executable: join(places.userCache, 'python', 'cpython', 'bin', 'python3'),
      where: 'uv',
    })
    expect(await find('3.12', places)).toMatchObject({ executable: found.executable })
    expect(await installs()).toBe(1)
  })

  test('that cannot be had ends the search: one error with all that was tried', async () => {
    await using places = await pythonPlaces('')
    await program(on(places, 'python3'), answeringAs('3.11.2', '/opt/python3'))
    await installingUv(places, '')
    await mkdir(places.toolCache ?? '')
    const error = await find('3.12', places).catch((thrown: unknown) => thrown)
    if (!(error instanceof ConfigurationError)) throw error
    expect(error.oneLine).toBe(
      `there is no Python 3.12, which the input python-version asks for; tried PATH: ${on(places, 'python3')} is 3.11.2: not 3.12; ` +
        'tool cache: no Python in it; uv python install ==3.12.*: Failed to download cpython: 403 Forbidden; ' +
        'install it and put it on PATH, let uv fetch it (UV_PYTHON_INSTALL_MIRROR), or ask for one that is here (3.11.2)',
    )
  })

  test('is not had on a machine with nothing at all, which is told what is missing', async () => {
    await using places = await pythonPlaces('')
    await expect(find('3.12', places)).rejects.toMatchObject({
      oneLine: expect.stringContaining(
        'tried PATH: it has no python3 and no python; tool cache: no Python in it; ' +
          'uv from PyPI: there is no Python whose pip could fetch it; install it',
      ),
    })
  })
})

describeWith(['python3'])("this machine's Python", () => {
  test('is found behind the virtual environment that an earlier step put first on PATH', async () => {
    await using places = await pythonPlaces('')
    const machine = machinePython()
    const venv = join(places.folder, 'venv')
    execFileSync(machine.executable, ['-m', 'venv', '--without-pip', venv])
    places.environment.PATH = join(venv, 'bin')
    places.environment.VIRTUAL_ENV = venv
    expect(await find(machine.version, places)).toMatchObject({
      version: machine.version,
      executable: machine.executable,
    })
  })
})

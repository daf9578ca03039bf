import { execFileSync } from 'node:child_process'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { pythonTool } from '../../src/toolchain/python-tools.ts'
import { PYTHON_TOOLS } from '../../src/toolchain/python-tools-release.ts'
import { describeWith } from '../support/needs.ts'
import { countedUv, indexServer, machinePython, pythonPlaces, useIndex } from '../support/python.ts'

test('every file of the pinned tools has its version and its hash', () => {
  for (const { version, requirements } of Object.values(PYTHON_TOOLS)) {
    const lines = requirements.trim().split('\n')
    expect(lines[0]).toContain(`==${version} `)
    for (const line of lines)
      expect(line).toMatch(/^[a-z-]+==[\d.]+ (; \S+ (<|==) "\S+" )?--hash=sha256:[0-9a-f]{64}$/)
  }
})

describeWith(['python3 of version 3.11 or later'])('a Python tool', () => {
  test('is fetched by two at once and kept, until it is broken', async () => {
    await using places = await pythonPlaces()
    const python = machinePython().executable
    const both = await Promise.all([
      pythonTool('griffe', python, places),
      pythonTool('griffe', python, places),
    ])
    expect(both[0]).toEqual({ folder: expect.stringContaining('griffe-2.3.0-py3') })
    expect(both[1]).toEqual(both[0])
    const { folder } = both[0] as { folder: string }
    expect(await readdir(join(places.userCache, 'python-tools'))).toHaveLength(1)

    useIndex(places, 'http://127.0.0.1:9/simple')
    expect(await pythonTool('griffe', python, places)).toEqual({ folder })
    await rm(join(folder, 'griffe', '__init__.py'))
    expect(await pythonTool('griffe', python, places)).toEqual({
      failure: expect.stringContaining('griffelib==2.3.0'),
    })
    expect(await readdir(join(places.userCache, 'python-tools'))).toEqual([])
  })

  test('is fetched by uv where the interpreter has no pip, and is none where there is no uv either', async () => {
    await using places = await pythonPlaces()
    const bare = join(places.folder, 'bare')
    execFileSync(machinePython().executable, ['-m', 'venv', '--without-pip', bare])
    const python = join(bare, 'bin', 'python')
    expect(await pythonTool('griffe', python, places)).toEqual({
      failure: `${python} has no pip, and there is no uv`,
    })
    const calls = await countedUv(places)
    expect(await pythonTool('griffe', python, places)).toEqual({ folder: expect.any(String) })
    expect(await calls()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^pip install .*--require-hashes/)]),
    )
  })

  test('is none where the index serves another file under its name, and nothing is left behind', async () => {
    await using places = await pythonPlaces('')
    const wheel = 'griffelib-2.3.0-py3-none-any.whl'
    await using index = await indexServer((request, response) => {
      if (request.url?.endsWith('.whl')) response.end('forged')
      else response.setHeader('content-type', 'text/html').end(`<a href="/${wheel}">${wheel}</a>`)
    })
    useIndex(places, index.url)
    expect(await pythonTool('griffe', machinePython().executable, places)).toEqual({
      failure: expect.stringMatching(/DO NOT MATCH THE HASHES/),
    })
    expect(await readdir(join(places.userCache, 'python-tools'))).toEqual([])
  })
})

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { fromPip, indexSettings } from '../../../../src/stages/setup-mesh-toolchain/python/index-settings.ts'
import { describeWith } from '../../../support/needs.ts'
import { machinePython, pythonPlaces } from '../../../support/python.ts'

describe("what pip's configuration says to uv", () => {
  test('a variable wins over [install], that over [global]; several are separated by spaces', () => {
    const listed = `:env:.cert='/etc/ca.pem'
global.cert='/other.pem'
global.extra-index-url='\\nhttps://one.example/simple\\nhttps://two.example/simple'
global.index-url='https://global.example/simple'
install.index-url='https://install.example/simple'
global.timeout='60'`
    expect(fromPip(listed, {})).toEqual({
      SSL_CERT_FILE: '/etc/ca.pem',
      UV_INDEX: 'https://one.example/simple https://two.example/simple',
      UV_DEFAULT_INDEX: 'https://install.example/simple',
    })
  })

  test('is nothing where uv was told itself', () => {
    const listed = "global.index-url='https://pip.example/simple'\nglobal.trusted-host='pip.example'"
    expect(fromPip(listed, { UV_INDEX_URL: 'https://uv.example/simple' })).toEqual({
      UV_INSECURE_HOST: 'pip.example',
    })
  })
})

describeWith(['python3'])('on this machine', () => {
  test("the index of pip's own file reaches uv, unless the project has a uv.toml", async () => {
    await using places = await pythonPlaces()
    const file = join(places.folder, 'pip.conf')
    await writeFile(file, '[global]\nindex-url = http://127.0.0.1:1/simple\n')
    Object.assign(places.environment, { PIP_CONFIG_FILE: file, XDG_CONFIG_HOME: places.folder })
    const python = machinePython().executable
    expect(await indexSettings(python, places.folder, places)).toMatchObject({
      UV_DEFAULT_INDEX: 'http://127.0.0.1:1/simple',
    })
    await writeFile(join(places.folder, 'uv.toml'), '')
    expect(await indexSettings(python, places.folder, places)).toEqual({})
  })
})

import { spawn } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { sweepVenvs } from '../../../../src/stages/setup-mesh-toolchain/python/sweep.ts'
import { ownerTag } from '../../../../src/toolchain/half-made.ts'
import { writeFiles } from '../../../support/go-module.ts'
import { pythonPlaces } from '../../../support/python.ts'

const DEAD = ownerTag().replace(/-\d+$/, '-999999999')

test('environments whose project is no more are removed, and no others', async () => {
  await using places = await pythonPlaces()
  const venvs = join(places.userCache, 'venvs')
  const [here, gone] = [join(places.folder, 'here'), join(places.folder, 'gone')]
  await mkdir(here)
  const marked = (name: string, marker: object) =>
    writeFiles(join(venvs, name), { 'mesh-actions.json': JSON.stringify(marker), 'lib/file': '' })
  await marked('of-none', { directory: gone, owner: DEAD })
  await marked('of-one', { directory: here, owner: DEAD })
  await marked('being-made', { directory: gone, owner: ownerTag() })
  await marked('of-another-machine', { directory: gone, owner: 'aaaaaaaa-1' })
  await marked('of-an-earlier-version', { stamp: '', packages: [], contents: [] })
  await marked('in-use', { directory: gone, owner: DEAD })
  await writeFiles(venvs, { 'torn/mesh-actions.json': '{', 'a-stranger/pyvenv.cfg': '', 'project.lock': '' })
  const script = 'process.stdin.resume(); console.log()'
  const user = spawn(process.execPath, ['-e', script], {
    env: { ...process.env, VIRTUAL_ENV: join(venvs, 'in-use') },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  try {
    await new Promise((resolve) => user.stdout.once('data', resolve))
    const before = await readdir(venvs)
    await sweepVenvs(places)
    expect(await readdir(venvs)).toEqual(before.filter((name) => name !== 'of-none'))
    expect(places.lines).toEqual([
      `virtual environment ${join(venvs, 'of-none')}: removed, as there is no ${gone} any more`,
    ])
  } finally {
    const ended = new Promise((resolve) => user.once('exit', resolve))
    user.stdin.end()
    await ended
  }
  await sweepVenvs(places)
  expect(await readdir(venvs)).not.toContain('in-use')
})

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { describeWith } from '../support/needs.ts'
import { copySample, plant } from '../support/sample.ts'
import { execute, NODE_24, ROOT } from '../support/suite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SLOW = 10 * 60_000
const FILES = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STATE'] as const

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

/** Runs the step as a runner would, on a copy of the sample with this script; what its command files hold then. */
async function step(name: string, script: string, before: string) {
  const workspace = join(folder.path, name)
  copySample(workspace)
  plant(workspace, 'forge.sh', script)
  plant(workspace, 'mesh.yml', `before: [${before}]\n`)
  const commands = join(folder.path, `${name}-commands`)
  await mkdir(commands)
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    GITHUB_WORKSPACE: workspace,
    INPUT_UPLOAD: 'false',
    INPUT_PLATFORMS: 'linux/amd64',
  }
  for (const file of FILES) {
    env[file] = join(commands, file)
    await writeFile(join(commands, file), '')
  }
  const ended = await execute(NODE_24, [join(ROOT, 'dist', 'cross-compile-go', 'index.js')], {
    cwd: workspace,
    env,
  })
  const texts = await Promise.all(FILES.map((file) => readFile(join(commands, file), 'utf8')))
  return { ...ended, written: Object.fromEntries(FILES.map((file, at) => [file, texts[at]])) }
}

/** Code of the project that finds the files in the environment its parent began with, which a child can read. */
const FORGE = `
files=$(tr '\\0' '\\n' < /proc/$PPID/environ | sed -n 's/^GITHUB_[A-Z]*=//p' | grep commands/)
for file in $files; do echo forged=1 >> "$file"; done
echo "written to: $(echo "$files" | wc -l)"
`

const FORGE_LATE = `
file=$(tr '\\0' '\\n' < /proc/$PPID/environ | sed -n 's/^GITHUB_OUTPUT=//p')
setsid sh -c "touch started; sleep 300; echo forged=late >> $file" > /dev/null 2>&1 &
while [ ! -e started ]; do :; done
`

describeWith(['go'])('files that a child of the step found and wrote to', () => {
  test(
    'are put back when the step then fails',
    async () => {
      const { code, stdout, written } = await step('fails', FORGE, '[sh, forge.sh], [no-such-program]')
      expect(stdout).toContain('written to: 4')
      expect(code).toBe(2)
      // The mark for the post step was there before the project's code was.
      const { GITHUB_STATE: state, GITHUB_OUTPUT: outputs, ...others } = written
      expect(Object.values(others)).toEqual(['', ''])
      // Nothing but why it failed, which the step itself says.
      expect(outputs).toMatch(/^cause<<(\S+)\ncannot run no-such-program .*\n\1\n$/)
      expect(state).toMatch(/^mark<<(\S+)\n[0-9a-f-]{36}\n\1\n$/)
    },
    SLOW,
  )

  test(
    'hold only what the step itself says when it passes',
    async () => {
      const { code, stdout, written } = await step('passes', FORGE, '[sh, forge.sh]')
      expect(stdout).toContain('written to: 4')
      expect(code).toBe(0)
      expect(written.GITHUB_OUTPUT).toContain('verdict')
      expect(JSON.stringify(written)).not.toContain('forged')
    },
    SLOW,
  )

  test(
    'are not reached later either: what the project left running is ended and named',
    async () => {
      const { code, stdout, written } = await step('late', FORGE_LATE, '[sh, forge.sh]')
      expect(code).toBe(0)
      expect(stdout).toMatch(/::warning::ended what was left running: .*sleep \(\d+\)/)
      expect(JSON.stringify(written)).not.toContain('forged')
    },
    SLOW,
  )
})

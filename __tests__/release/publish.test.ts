import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { notesOf, withEntry } from '../../scripts/release/changelog.ts'
import { commitAll, plant } from '../support/sample.ts'
import { execute, ROOT } from '../support/suite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

interface Step {
  readonly run?: string
  readonly if?: string
}
const { jobs } = parse(readFileSync(join(ROOT, '.github', 'workflows', 'release.yml'), 'utf8'))
const steps: readonly Step[] = jobs.publish.steps

/** GitHub's CLI, as far as the job asks it: one release, whose state is a file. FAULT is what goes wrong. */
const GH = `#!/usr/bin/env bash
set -eu
case "$1 $2" in
  'release view') cat release ;;
  'release delete') rm release ;;
  'release create')
    echo true >release
    cp notes.md published.md
    ;;
  'release download')
    mkdir back
    cp ./*.tar.gz back
    if [ "$FAULT" = 'damaged asset' ]; then echo more >>back/*.tar.gz; fi
    ;;
  'release edit') [ "$FAULT" != 'no publishing' ] && echo false >release ;;
  'attestation verify') [ "$FAULT" != 'no attestation' ] ;;
  *) exit 9 ;;
esac
`

const ENTRIES = withEntry(
  withEntry('', 'v1.2.0', '2026-01-01', [{ subject: 'Begin', paths: ['src/a'] }]),
  'v1.2.3',
  '2026-02-02',
  [{ subject: 'Go on', paths: ['src/a'] }],
)

const folder = await temporaryFolder()
let runs = 0
let project: string
beforeEach(() => {
  project = join(folder.path, `${++runs}`)
  plant(project, 'CHANGELOG.md', ENTRIES)
  plant(project, 'bin/gh', GH)
  chmodSync(join(project, 'bin', 'gh'), 0o755)
  execFileSync('git', ['init', '--quiet'], { cwd: project })
  commitAll(project)
})
afterAll(() => folder[Symbol.asyncDispose]())

const state = () =>
  existsSync(join(project, 'release')) ? readFileSync(join(project, 'release'), 'utf8').trim() : 'none'

/** Runs the job's steps as a runner would, on what the attest job has packed; whether it went well. */
async function publish(fault = 'none', sha256 = archived()): Promise<boolean> {
  let well = true
  for (const step of steps) {
    if (step.run === undefined || well === (step.if === 'failure() || cancelled()')) continue
    const { code } = await execute('bash', ['-e', '-c', step.run], {
      cwd: project,
      env: {
        PATH: [join(project, 'bin'), process.env.PATH].join(delimiter),
        TAG: 'v1.2.3',
        SHA256: sha256,
        FAULT: fault,
        GITHUB_REPOSITORY: 'org/repository',
        GITHUB_STEP_SUMMARY: join(project, 'summary.md'),
      },
    })
    well &&= code === 0
  }
  return well
}

function archived(): string {
  const args = ['archive', '--format=tar.gz', '--prefix=mesh-actions-v1.2.3/', 'HEAD']
  return createHash('sha256')
    .update(execFileSync('git', args, { cwd: project }))
    .digest('hex')
}

test('a tag is published with its part of the changelog, and the summary says what is left to do', async () => {
  expect(await publish()).toBe(true)
  expect(state()).toBe('false')
  const notes = readFileSync(join(project, 'published.md'), 'utf8').trim()
  expect(notes).toBe(notesOf(ENTRIES, 'v1.2.3'))
  expect(notes).toMatch(/- Go on$/)
  expect(readFileSync(join(project, 'summary.md'), 'utf8')).toContain('v1.2.3:refs/tags/v1`')
})

test.each(['damaged asset', 'no publishing', 'no attestation'])(
  '%s: the job fails and leaves nothing, and publishes when it runs again',
  async (fault) => {
    expect(await publish(fault)).toBe(false)
    expect(state()).toBe('none')
    execFileSync('rm', ['-rf', 'back'], { cwd: project })
    expect(await publish()).toBe(true)
    expect(state()).toBe('false')
  },
)

test('what was packed otherwise than what was attested is not published', async () => {
  expect(await publish('none', '0'.repeat(64))).toBe(false)
  expect(state()).toBe('none')
})

test('a draft that a killed run left is made anew', async () => {
  writeFileSync(join(project, 'release'), 'true\n')
  expect(await publish()).toBe(true)
  expect(state()).toBe('false')
})

test('what is published already stays as it is', async () => {
  writeFileSync(join(project, 'release'), 'false\n')
  expect(await publish()).toBe(true)
  expect(existsSync(join(project, 'published.md'))).toBe(false)
})

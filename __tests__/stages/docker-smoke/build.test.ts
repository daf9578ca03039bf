import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { loadProject } from '../../../src/project/load.ts'
import { makeImage } from '../../../src/stages/docker-smoke/build.ts'
import { chosenImages } from '../../../src/stages/docker-smoke/chosen.ts'
import { findEngine, imageName, ownerOf } from '../../../src/stages/docker-smoke/engine.ts'
import { smokeTest } from '../../../src/stages/docker-smoke/index.ts'
import { removeAll } from '../../../src/stages/docker-smoke/sweep.ts'
import { docker } from '../../support/docker.ts'
import { environmentWith } from '../../support/environment.ts'
import { writeFiles } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { commitAll } from '../../support/sample.ts'
import { checkOf, stageContext } from '../../support/stage-context.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const SLOW = 5 * 60_000
const BASE = `mesh-actions-test/base-${randomBytes(6).toString('hex')}`
const signal = AbortSignal.timeout(SLOW)

/** The docker of this machine, whose first build fails with these words. */
const dockerThatFirstSays = (words: string) => `#!/usr/bin/env python3
import os, sys
folder = os.path.dirname(os.path.abspath(__file__))
said = os.path.join(folder, 'said')
if sys.argv[1] == 'build' and not os.path.exists(said):
    open(said, 'w').close()
    sys.exit(${JSON.stringify(words)})
os.environ['PATH'] = os.pathsep.join(one for one in os.get_exec_path() if one != folder)
os.execvp('docker', ['docker', *sys.argv[1:]])
`

const folder = await temporaryFolder()
const directory = folder.path
let commit: string

beforeAll(async () => {
  await writeFiles(directory, {
    'mesh.yml': JSON.stringify({
      docker: {
        images: {
          Twice: { file: 'twice.Dockerfile', target: 'last', 'build-args': { GREETING: 'hello' } },
          floating: { file: 'floating.Dockerfile' },
        },
      },
    }),
    'twice.Dockerfile': `FROM scratch AS last
ARG GREETING
LABEL greeting=\${GREETING}
COPY twice.Dockerfile /notes
FROM scratch AS never
COPY nowhere /nowhere
`,
    'floating.Dockerfile': `ARG BASE=${BASE}\n\nFROM \${BASE}\nUSER 65532\n`,
  })
  execFileSync('git', ['init', '--quiet', directory])
  commitAll(directory)
  commit = signHead()
})
afterAll(() => folder[Symbol.asyncDispose]())

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: directory, encoding: 'utf8' }).trim()
}

/** Makes HEAD a signed commit in the repository of a user who has the signatures shown; the program only complains. */
function signHead(): string {
  git('config', 'log.showSignature', 'true')
  git('config', 'gpg.program', process.execPath)
  const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----'
  const input = `${git('cat-file', 'commit', 'HEAD').replace('\n\n', `\n${signature}\n\n`)}\n`
  const hash = ['hash-object', '-t', 'commit', '-w', '--stdin']
  git('update-ref', 'HEAD', execFileSync('git', hash, { cwd: directory, input, encoding: 'utf8' }).trim())
  return git('rev-parse', 'HEAD')
}

/** Builds the image Twice. */
async function makeTwice(owner: string, context: ReturnType<typeof stageContext>) {
  const project = loadProject({ directory })
  const engine = await findEngine(signal)
  if (typeof engine === 'string') throw new Error(engine)
  const [[name, spec] = ['', undefined]] = chosenImages(project, ['Twice'])
  if (!spec) throw new Error('no image')
  return makeImage(name, spec, project, { engine, owner }, context)
}

describeWith(['docker', 'python3'])('an image that is built', () => {
  test(
    'twice of one commit is one image, which says of which',
    async () => {
      const context = stageContext(directory, { commit })
      const owners = [ownerOf('first'), ownerOf('second')]
      try {
        for (const owner of owners) {
          const { check } = await makeTwice(owner, context)
          expect(check).toMatchObject({ verdict: 'pass', detail: 'twice.Dockerfile' })
        }
        const images = await Promise.all(
          owners.map(
            async (owner) => JSON.parse(await docker('image', 'inspect', imageName('Twice', owner)))[0],
          ),
        )
        expect(images[1].Id).toBe(images[0].Id)
        expect(images[0].Config.Labels).toEqual({
          greeting: 'hello',
          'org.opencontainers.image.revision': commit,
          'org.opencontainers.image.created': git(
            'show',
            '--no-patch',
            '--no-show-signature',
            '--format=%cI',
          ),
        })
        expect(context.lines.join('\n')).toContain('COPY twice.Dockerfile /notes')
      } finally {
        for (const owner of owners) expect(await removeAll(owner, signal)).toBe(true)
      }
    },
    SLOW,
  )

  test.each([
    ["error checking context: file ('/project/half.txt') not found or excluded by .dockerignore"],
    ['Error response from daemon: Error processing tar file(exit status 1): unexpected EOF'],
  ])(
    'while files of its context come and go is built again: %s',
    async (words) => {
      await using programs = await temporaryFolder()
      const docker = join(programs.path, 'docker')
      await writeFile(docker, dockerThatFirstSays(words), { mode: 0o755 })
      using _ = environmentWith({ PATH: [programs.path, process.env.PATH].join(delimiter) })
      const context = stageContext(directory, { commit })
      const owner = ownerOf('again')
      try {
        const { check } = await makeTwice(owner, context)
        expect(check).toMatchObject({ verdict: 'pass', detail: 'twice.Dockerfile' })
        expect(context.lines.join('\n')).toContain(words)
      } finally {
        expect(await removeAll(owner, signal)).toBe(true)
      }
    },
    SLOW,
  )

  test(
    'on a base that is another one tomorrow is told so in the log, at its line, and is not red for it',
    async () => {
      const tar = ['import', '--change', 'CMD ["/notes"]', '-', `${BASE}:latest`]
      execFileSync('docker', tar, { input: execFileSync('tar', ['-c', '-C', directory, 'mesh.yml']) })
      try {
        const context = stageContext(directory, { commit })
        const result = await smokeTest(
          loadProject({ directory }),
          {
            images: ['floating'],
            verified: async () => new Map(),
            previous: new Map(),
            engineRequired: true,
            logs: directory,
          },
          context,
        )
        expect(checkOf(result, 'base/floating/3')).toMatchObject({
          verdict: 'skipped',
          fix: expect.stringContaining('@sha256:'),
          location: { file: 'floating.Dockerfile', line: 3 },
        })
        expect(context.lines).toContain(`floating.Dockerfile:3: FROM ${BASE} is another image tomorrow`)
      } finally {
        await docker('rmi', '--force', `${BASE}:latest`)
      }
    },
    SLOW,
  )
})

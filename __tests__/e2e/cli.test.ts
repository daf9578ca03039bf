import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { StageResult } from '../../src/result/stage-result.ts'
import { stageResultSchema } from '../../src/result/stage-result.ts'
import { describeWith } from '../support/needs.ts'
import { appears } from '../support/running-action.ts'
import { copySample, edit, plant } from '../support/sample.ts'
import { CLI, execute, exportSuite, meshActions, NODE_24, NODE_OF_NPM } from '../support/suite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// Each case builds a copy of the sample; Go's cache is shared, so only the first is slow.
const SLOW = 10 * 60_000

const run = (project: string, ...args: string[]) =>
  meshActions(['run', 'cross-compile-go', '--project', project, ...args], { cwd: project })

const home = await temporaryFolder()

describeWith(['go', 'sha256sum'])('the committed bundle on a copy of the sample', () => {
  const pristine = join(home.path, 'pristine')
  let copies = 0

  const freshCopy = (): string => {
    const copy = join(home.path, `copy-${++copies}`)
    execFileSync('cp', ['-a', pristine, copy])
    return copy
  }

  beforeAll(() => copySample(pristine))
  afterAll(() => home[Symbol.asyncDispose]())

  test(
    'an export of the suite, without npm install, gives eight verified binaries',
    async () => {
      const suite = join(home.path, 'suite')
      exportSuite(suite)
      expect(readdirSync(suite)).not.toContain('node_modules')
      const project = freshCopy()
      const { code, stdout, stderr } = await execute(
        NODE_24,
        [join(suite, 'dist', 'cli', 'index.js'), 'run', 'cross-compile-go', '--project', project, '--json'],
        { cwd: home.path },
      )
      expect(stderr).toContain('cross-compile-go: pass')
      expect(code).toBe(0)
      const [result] = JSON.parse(stdout) as [StageResult<{ binaries: { path: string; platform: string }[] }>]
      expect(stageResultSchema.parse(result).verdict).toBe('pass')
      expect(result.data.binaries.map(({ path }) => path).sort()).toEqual([
        'mcp-mesh-dev-darwin-amd64',
        'mcp-mesh-dev-darwin-arm64',
        'mcp-mesh-dev-linux-amd64',
        'mcp-mesh-dev-windows-amd64.exe',
        'mcp-mesh-registry-darwin-amd64',
        'mcp-mesh-registry-darwin-arm64',
        'mcp-mesh-registry-linux-amd64',
        'mcp-mesh-registry-windows-amd64.exe',
      ])
      const checked = await execute('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
        cwd: join(project, 'bin'),
      })
      expect(checked.code).toBe(0)
      expect(checked.stdout.match(/: OK$/gm)).toHaveLength(8)
      const status = execFileSync('git', ['status', '--porcelain'], { cwd: project, encoding: 'utf8' })
      expect(status).toBe('')
    },
    SLOW,
  )

  test(
    'it runs on the oldest Node that is supported, from another folder, with a folder for results',
    async () => {
      const project = freshCopy()
      const { code, stdout } = await meshActions(
        ['run', 'cross-compile-go', '--project', project, '--platforms', 'linux/amd64', '--out', 'found'],
        { cwd: home.path, node: NODE_OF_NPM },
      )
      expect(stdout).toContain('verdict: pass')
      expect(code).toBe(0)
      expect(
        JSON.parse(readFileSync(join(project, 'found', 'results', 'cross-compile-go.json'), 'utf8')).verdict,
      ).toBe('pass')
      expect(readFileSync(join(project, 'found', 'logs', 'cross-compile-go.log'), 'utf8')).toContain(
        'build linux/amd64',
      )
    },
    SLOW,
  )

  test(
    'without a stage it runs all, the toolchain first, and each finds what the earlier ones made',
    async () => {
      const project = freshCopy()
      // The other image needs one that cannot be pulled everywhere.
      const image = '{ file: docker/registry.Dockerfile, port: 8080, ready: /health }'
      edit(project, 'mesh.yml', (text) => `${text}docker: { images: { registry: ${image} } }\n`)
      const GOCACHE = execFileSync('go', ['env', 'GOCACHE'], { encoding: 'utf8' }).trim()
      const { code, stdout } = await meshActions(
        ['run', '--project', project, '--platforms', 'linux/amd64'],
        {
          cwd: project,
          env: { ...process.env, XDG_CACHE_HOME: join(home.path, 'cache'), GOCACHE },
        },
      )
      const hasEngine = spawnSync('docker', ['version'], { stdio: 'ignore' }).status === 0
      const last = [...stdout.matchAll(/^([a-z][a-z-]+) +(pass|fail|inconclusive) +\d+ of \d+ checks/gm)]
      expect(last.map(([, stage, verdict]) => `${stage} ${verdict}`)).toEqual([
        'setup-mesh-toolchain pass',
        'validate-python-ref pass',
        'cross-compile-go pass',
        'go-python-integration pass',
        `docker-smoke ${hasEngine ? 'pass' : 'inconclusive'}`,
      ])
      expect(code).toBe(hasEngine ? 0 : 3)

      // The page is drawn at the end, and again whenever somebody asks for it, with the same verdict.
      const page = join(project, '.mesh', 'report.html')
      expect(stdout.trim().split('\n').at(-1)).toBe('report: .mesh/report.html')
      expect(readFileSync(page, 'utf8')).toContain('validate-python-ref')
      rmSync(page)
      const again = await meshActions(['report'], { cwd: project })
      expect(again).toMatchObject({ code, stdout: expect.stringMatching(/\.mesh\/report\.html\n$/) })
      expect(existsSync(page)).toBe(true)
    },
    SLOW,
  )

  test(
    'a compile error on one platform is red at its file and line, and the others are built all the same',
    async () => {
      const project = freshCopy()
      plant(project, 'internal/registry/broken_windows.go', 'package registry\n\nvar broken int = "text"\n')
      const { code, stdout } = await run(project, '--json')
      expect(code).toBe(1)
      const [result] = JSON.parse(stdout) as [StageResult<{ binaries: unknown[] }>]
      const failed = result.checks.filter((check) => check.verdict === 'fail')
      expect(failed.map((check) => check.id)).toEqual([
        'built/registry/windows-amd64',
        'built/cli/windows-amd64',
      ])
      expect(failed[0]).toMatchObject({ location: { file: 'internal/registry/broken_windows.go', line: 3 } })
      expect(failed[0]?.detail).toContain('cannot use "text"')
      expect(result.data.binaries).toHaveLength(6)
    },
    SLOW,
  )

  test(
    'a SQLite driver that needs cgo is named',
    async () => {
      const project = freshCopy()
      plant(
        project,
        'internal/registry/driver.go',
        'package registry\n\nimport _ "github.com/mattn/go-sqlite3"\n',
      )
      execFileSync('go', ['get', 'github.com/mattn/go-sqlite3@v1.14.32'], { cwd: project, stdio: 'ignore' })
      const { code, stdout } = await run(project, '--platforms', 'linux/amd64,windows/amd64')
      expect(code).toBe(1)
      expect(stdout).toMatch(
        /fail: nothing for windows\/amd64 lost its cgo files: .*github\.com\/mattn\/go-sqlite3/,
      )
    },
    SLOW,
  )

  test(
    'a size limit that is passed is red with both figures',
    async () => {
      const project = freshCopy()
      plant(project, 'mesh.yml', 'go:\n  platforms: [linux/amd64]\n  size-limits: { registry: 1MB }\n')
      const { code, stdout } = await run(project)
      expect(code).toBe(1)
      expect(stdout).toMatch(/fail: registry\/linux-amd64 keeps to its size: \d+\.\d MiB, at most 976\.6 KiB/)
    },
    SLOW,
  )

  test(
    'a program that ends with 1 on --help is red',
    async () => {
      const project = freshCopy()
      edit(project, 'cmd/mcp-mesh-dev/main.go', (text) =>
        text.replace('func main() {\n', 'func main() {\n\tos.Exit(1)\n'),
      )
      const { code, stdout } = await run(project, '--platforms', 'linux/amd64')
      expect(code).toBe(1)
      expect(stdout).toContain('fail: cli starts on this machine: --help: exit code 1')
    },
    SLOW,
  )

  test.each([
    [
      'a command whose folder does not exist',
      'go:\n  commands:\n    registry: ./cmd/registri\n',
      /mesh\.yml:3:15: go\.commands\.registry: no folder cmd\/registri in the project/,
    ],
    [
      'a misspelt key',
      'go:\n  platfroms: [linux/amd64]\n',
      /mesh\.yml:2:3: unknown key "platfroms" in go; did you mean "platforms"\?/,
    ],
    [
      'an unknown platform',
      'go:\n  platforms:\n    - linux/amd46\n',
      /mesh\.yml:3:7: go\.platforms: this Go cannot build for linux\/amd46; did you mean linux\/amd64\?/,
    ],
  ])('%s is refused in one line before anything runs', async (_, yaml, message) => {
    const project = freshCopy()
    plant(project, 'mesh.yml', `${yaml}before: [[touch, ran]]\n`)
    const { code, stderr } = await run(project)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(existsSync(join(project, 'ran'))).toBe(false)
  })

  test('a flag that is wrong is named as a flag', async () => {
    const project = freshCopy()
    const platform = await run(project, '--platforms', 'linux_amd64')
    expect(platform).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--platforms: expected GOOS/GOARCH'),
    })
    const shard = await run(project, '--shard', '5/4')
    expect(shard).toMatchObject({ code: 2, stderr: expect.stringContaining('--shard: expected a part') })
    const unknown = await run(project, '--platfroms', 'linux/amd64')
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('--platforms') })
    const stage = await meshActions(['run', 'cross-compile'], { cwd: project })
    expect(stage).toMatchObject({
      code: 2,
      stderr: 'error: no stage "cross-compile"; did you mean cross-compile-go?\n',
    })
  })

  test('without Go, without go.mod and outside of a project it says so in one line', async () => {
    const project = freshCopy()
    const without = await meshActions(['run', 'cross-compile-go', '--project', project], {
      cwd: project,
      env: { PATH: '/nowhere' },
    })
    expect(without).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no Go on PATH') })
    rmSync(join(project, 'go.mod'))
    const bare = await run(project)
    expect(bare).toMatchObject({ code: 2, stderr: expect.stringContaining('no go.mod in') })
    const missing = await meshActions(['run', '--project', 'nowhere'], { cwd: project })
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('no folder') })
  })

  test('interrupted, it ends with 130, leaves no process and nothing half-written', async () => {
    const project = freshCopy()
    plant(project, 'mesh.yml', 'before: [[sh, -c, "echo $$ > half; mv half pid; exec sleep 300"]]\n')
    const pid = appears(join(project, 'pid'))
    const ended = execute(NODE_24, [CLI, 'run', '--project', project], {
      cwd: project,
      onStart: (child) => void pid.then(() => child.kill('SIGINT')),
    })
    const { code, stderr } = await ended
    expect(code).toBe(130)
    expect(stderr).toBe('interrupted\n')
    expect(() => process.kill(Number(readFileSync(join(project, 'pid'), 'utf8')), 0)).toThrow('ESRCH')
    expect(existsSync(join(project, 'bin'))).toBe(false)
  })
})

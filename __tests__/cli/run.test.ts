import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { goMesh, type Mesh } from '../support/go-module.ts'
import { describeWith } from '../support/needs.ts'
import { sourceCli } from '../support/source-cli.ts'

const BROKEN = { 'internal/shared/shared.go': 'package shared\n\nconst Greeting string = 1\n' }

const run = (mesh: Mesh, ...args: string[]) => sourceCli(['run', ...args], { cwd: mesh.directory })

/** The lines of the table of results: each stage with what it came to. */
const tableOf = (stdout: string) =>
  [...stdout.matchAll(/^([a-z][a-z-]+) +(pass|fail|inconclusive|error)( +\d+ of \d+ checks.*)?$/gm)].map(
    ([, stage, verdict]) => `${stage} ${verdict}`,
  )

describeWith(['go'])('a run of several stages', () => {
  test('after a red build names it as the cause of what cannot run any more, and keeps all results', async () => {
    await using mesh = await goMesh({ files: BROKEN })
    const { code, stdout, stderr } = await run(mesh, 'cross-compile-go', 'go-python-integration')
    expect(tableOf(stdout)).toEqual(['cross-compile-go fail', 'go-python-integration error'])
    const why = 'the binaries in bin are not proven: cross-compile-go is fail: internal/shared/shared.go:3: '
    expect(stdout).toContain(`\ngo-python-integration: error: ${why}`)
    expect(stdout).toContain(`\nerror: go-python-integration: ${why}`)
    expect(stdout).toMatch(/\nverdict: fail\n$/)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  })

  test('in JSON gives the results that there are', async () => {
    await using mesh = await goMesh({ files: BROKEN })
    const { code, stdout, stderr } = await run(mesh, 'cross-compile-go', 'go-python-integration', '--json')
    expect(JSON.parse(stdout)).toMatchObject([{ stage: 'cross-compile-go', verdict: 'fail' }])
    expect(stderr).toContain('go-python-integration: error: the binaries in bin are not proven')
    expect(code).toBe(1)
  })

  test('begins with none where a later one is given what it cannot read', async () => {
    await using mesh = await goMesh()
    const { code, stdout, stderr } = await run(
      mesh,
      'cross-compile-go',
      'go-python-integration',
      '--timeout',
      '5',
    )
    expect(stderr).toMatch(/^error: --timeout: .*"5".*\n$/)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(existsSync(join(mesh.directory, 'bin'))).toBe(false)
  })

  test('in which none was red ends with 2, and is no proof of the stage that was refused', async () => {
    await using mesh = await goMesh()
    const { code, stdout } = await run(
      mesh,
      'cross-compile-go',
      'go-python-integration',
      '--binaries',
      'elsewhere',
    )
    expect(stdout).toMatch(
      /\nerror: go-python-integration: binaries: elsewhere does not exist; name the folder .*\n\nverdict: inconclusive\n$/,
    )
    expect(code).toBe(2)
  })

  test.each([
    ['was cut off', (text: string) => text.slice(0, text.length / 2), 'it is no JSON'],
    ['has another schema', () => '{"schema":2}', 'it is no result of a stage: schema: .*'],
  ])('on binaries whose result %s is one line with the name of its file', async (_, damaged, why) => {
    await using mesh = await goMesh()
    expect(await run(mesh, 'cross-compile-go')).toMatchObject({ code: 0 })
    const file = join(mesh.directory, '.mesh', 'results', 'cross-compile-go.json')
    writeFileSync(file, damaged(readFileSync(file, 'utf8')))
    const { code, stderr } = await run(mesh, 'go-python-integration')
    expect(stderr).toMatch(
      new RegExp(
        `^error: ${file} cannot be believed: ${why}; run cross-compile-go again, which replaces it\n$`,
      ),
    )
    expect(code).toBe(2)
    // The page is drawn all the same, and is red for it.
    const report = await sourceCli(['report'], { cwd: mesh.directory })
    expect(report.stdout).toMatch(
      new RegExp(
        `^cross-compile-go is red: its result cannot be believed: cross-compile-go.json: ${why}`,
        'm',
      ),
    )
    expect(report.code).toBe(1)
    await run(mesh, 'cross-compile-go')
    expect((await run(mesh, 'go-python-integration')).stderr).not.toContain('cannot be believed')
  })

  test('whose first stage is refused is one line, and no result in JSON', async () => {
    await using mesh = await goMesh({ go: { platforms: ['linux/amd46'] } })
    const { code, stdout, stderr } = await run(mesh, 'cross-compile-go', 'go-python-integration', '--json')
    expect(JSON.parse(stdout)).toEqual([])
    expect(stderr).toMatch(/^cross-compile-go\nerror: .*this Go cannot build for linux\/amd46.*\n$/)
    expect(code).toBe(2)
  })

  test('without names draws its page all the same, on which a stage that was refused has its cause', async () => {
    await using mesh = await goMesh({
      files: {
        ...BROKEN,
        'docker/registry.Dockerfile': 'FROM scratch\nCOPY bin/mcp-mesh-registry-linux-amd64 /r\n',
      },
    })
    const { code, stdout } = await run(mesh, '--no-go', '--no-python')
    expect(tableOf(stdout)).toContain('go-python-integration error')
    expect(stdout).toMatch(/\nreport: \.mesh\/report\.html\n$/)
    const page = readFileSync(join(mesh.directory, '.mesh', 'report.html'), 'utf8')
    expect(page).toContain('cross-compile-go is red')
    expect(page).toMatch(
      /<section class="stage" id="stage-go-python-integration" [^>]*data-verdict="inconclusive">\n.*\n<p class="cause">it ended before it had a result: the binaries in bin are not proven: cross-compile-go is fail: /,
    )
    expect(existsSync(join(mesh.directory, '.mesh', 'results', 'go-python-integration.json'))).toBe(false)
    expect(code).toBe(1)
  })
})

import { readdir } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { FOREIGN, FOREIGN_ID, goMesh, HOST, HOST_ID, SILENT } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { COMMIT, checkOf } from '../../support/stage-context.ts'

const VERSION = '4.17.93-rc.2'

describeWith(['go'])('the version in the binaries', () => {
  test('is printed by the one of this machine, and stands in those of others', async () => {
    await using mesh = await goMesh({ go: { platforms: [HOST, FOREIGN] } })
    const result = await mesh.compile({ version: VERSION })
    expect(checkOf(result, `stamped/registry/${HOST_ID}`).verdict).toBe('pass')
    expect(checkOf(result, `stamped/registry/${FOREIGN_ID}`).verdict).toBe('pass')
    expect(result.verdict).toBe('pass')
  })

  test('is not asked for when none was given', async () => {
    await using mesh = await goMesh()
    const result = await mesh.compile()
    expect(result.verdict).toBe('pass')
    expect(result.checks.filter(({ id }) => id.startsWith('stamped'))).toEqual([])
  })

  test('is missed in a program without such a variable, on every platform', async () => {
    await using mesh = await goMesh({
      go: { platforms: [HOST, FOREIGN] },
      files: {
        'cmd/mcp-mesh-dev/main.go':
          'package main\n\nimport "os"\n\nfunc main() {\n\tif len(os.Args) > 1 && os.Args[1] == "--version" {\n\t\tos.Exit(2)\n\t}\n}\n',
      },
    })
    const result = await mesh.compile({ version: VERSION })
    for (const platform of [HOST_ID, FOREIGN_ID]) {
      expect(checkOf(result, `stamped/cli/${platform}`)).toMatchObject({
        verdict: 'fail',
        detail: 'the file does not hold it',
        fix: expect.stringContaining('var version string'),
      })
      expect(checkOf(result, `stamped/registry/${platform}`).verdict).toBe('pass')
    }
    expect(result.verdict).toBe('fail')
  })

  test('is missed when --version prints another one, though the file holds it', async () => {
    await using mesh = await goMesh({
      files: {
        'cmd/mcp-mesh-dev/main.go':
          'package main\n\nimport "os"\n\nvar version = "dev"\n\nfunc main() {\n\tif len(os.Args) > 5 {\n\t\tos.Stdout.WriteString(version)\n\t}\n\tos.Stdout.WriteString("mesh 1.0.0\\n")\n}\n',
      },
    })
    const result = await mesh.compile({ version: VERSION, commands: ['cli'] })
    expect(checkOf(result, `stamped/cli/${HOST_ID}`)).toMatchObject({
      verdict: 'fail',
      detail: '--version prints "mesh 1.0.0"',
    })
  })

  test('is missed when --version prints a longer one that begins alike', async () => {
    await using mesh = await goMesh({
      files: {
        'cmd/mcp-mesh-dev/main.go':
          'package main\n\nimport "os"\n\nfunc main() { os.Stdout.WriteString("mesh v1.2.30\\n") }\n',
      },
    })
    const of = async (version: string) =>
      checkOf(await mesh.compile({ version, commands: ['cli'] }), `stamped/cli/${HOST_ID}`).verdict
    expect(await of('1.2.3')).toBe('fail')
    expect(await of('2.30')).toBe('fail')
    expect(await of('1.2.30')).toBe('pass')
  })

  test('is missed when --version prints nothing', async () => {
    await using mesh = await goMesh({ files: { 'cmd/mcp-mesh-dev/main.go': SILENT } })
    const result = await mesh.compile({ version: VERSION, commands: ['cli'] })
    expect(checkOf(result, `stamped/cli/${HOST_ID}`).verdict).toBe('fail')
  })

  test('proves nothing where the program cannot be asked and the text is in it anyway', async () => {
    const unstamped = 'package main\n\nfunc main() { println("HTTP/1.0") }\n'
    await using mesh = await goMesh({
      go: { platforms: [HOST, FOREIGN] },
      files: { 'cmd/mcp-mesh-dev/main.go': unstamped },
    })
    const result = await mesh.compile({ version: '1.0' })
    expect(checkOf(result, `stamped/cli/${FOREIGN_ID}`)).toMatchObject({
      verdict: 'inconclusive',
      detail: expect.stringContaining('a build without it holds "1.0" as often'),
    })
    // This one can be asked.
    expect(checkOf(result, `stamped/registry/${HOST_ID}`).verdict).toBe('pass')
  })

  test('is proved where it stands once more than without the stamp', async () => {
    const stamped = 'package main\n\nvar version string\n\nfunc main() { println("HTTP/1.0", version) }\n'
    await using mesh = await goMesh({
      go: { platforms: [HOST, FOREIGN] },
      files: { 'cmd/mcp-mesh-dev/main.go': stamped },
    })
    const result = await mesh.compile({ version: '1.0' })
    expect(checkOf(result, `stamped/cli/${FOREIGN_ID}`).verdict).toBe('pass')
  })

  test('is proved without --version by a build that lacks it', async () => {
    await using mesh = await goMesh({
      files: {
        'cmd/mcp-mesh-dev/main.go':
          'package main\n\nimport "os"\n\nvar version string\n\nfunc main() {\n\tif len(os.Args) > 1 && os.Args[1] == "--version" {\n\t\tos.Exit(2)\n\t}\n\tprintln(version)\n}\n',
      },
    })
    const titles: string[] = []
    const result = await mesh.compile({ version: VERSION }, { onTask: (title) => titles.push(title) })
    expect(checkOf(result, `stamped/cli/${HOST_ID}`).verdict).toBe('pass')
    expect(titles).toContain(`build ${HOST} without the version`)
    expect(await readdir(mesh.temporary)).toEqual([])
  })

  test('needs no second build where --version proves it', async () => {
    await using mesh = await goMesh()
    const titles: string[] = []
    await mesh.compile({ version: VERSION }, { onTask: (title) => titles.push(title) })
    expect(titles).toEqual([`build ${HOST}`])
  })

  test('goes where go.ldflags says, with the commit', async () => {
    await using mesh = await goMesh({
      go: { ldflags: "-X 'example.com/mesh/internal/shared.Stamp={version} of {commit}'" },
      files: {
        'internal/shared/shared.go': 'package shared\n\nconst Greeting = ""\n\nvar Stamp string\n',
        'cmd/mcp-mesh-dev/main.go':
          'package main\n\nimport (\n\t"os"\n\n\t"example.com/mesh/internal/shared"\n)\n\nfunc main() {\n\tif shared.Stamp != os.Getenv("EXPECTED_STAMP") {\n\t\tos.Exit(1)\n\t}\n\tos.Stdout.WriteString(shared.Stamp)\n}\n',
      },
    })
    process.env.EXPECTED_STAMP = `${VERSION} of ${COMMIT}`
    const result = await mesh.compile({ version: VERSION, commands: ['cli'] })
    delete process.env.EXPECTED_STAMP
    expect(checkOf(result, `stamped/cli/${HOST_ID}`).verdict).toBe('pass')
    expect(checkOf(result, 'starts/cli').verdict).toBe('pass')
  })
})

import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { cgoCheck } from '../../../src/stages/cross-compile-go/lost-cgo.ts'
import { FOREIGN, FOREIGN_ID, goMesh, goWrapper, HOST, HOST_ID } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { projectWith } from '../../support/project.ts'
import { checkOf } from '../../support/stage-context.ts'

/** A package that is native with cgo and a stub without, as drivers of databases are. */
const NATIVE = {
  'internal/native/native.go':
    'package native\n\n// static int answer(void) { return 42; }\nimport "C"\n\nfunc Answer() int { return int(C.answer()) }\n',
  'internal/native/stub.go': '//go:build !cgo\n\npackage native\n\nfunc Answer() int { return 0 }\n',
  'cmd/mcp-mesh-registry/main.go':
    'package main\n\nimport (\n\t"os"\n\n\t"example.com/mesh/internal/native"\n)\n\nfunc main() {\n\tif native.Answer() != 42 {\n\t\tos.Exit(1)\n\t}\n}\n',
}

describeWith(['go', 'cc'])('what needs cgo', () => {
  test('is named when it was built without, for every platform, though it compiled', async () => {
    await using mesh = await goMesh({ go: { platforms: [HOST, FOREIGN] }, files: NATIVE })
    const result = await mesh.compile()
    for (const platform of [HOST_ID, FOREIGN_ID]) {
      expect(checkOf(result, `built/registry/${platform}`).verdict).toBe('pass')
      expect(checkOf(result, `cgo/${platform}`)).toMatchObject({
        verdict: 'fail',
        detail: 'built without cgo, example.com/mesh/internal/native may be a stub that fails at run time',
        fix: 'set go.cgo and go.compilers, or say that it works without: go: { cgo-optional: [example.com/mesh/internal/native] }',
      })
    }
    expect(result.verdict).toBe('fail')
  })

  test('is not looked for behind commands that are not built', async () => {
    await using mesh = await goMesh({ files: NATIVE })
    expect((await mesh.compile({ commands: ['cli'] })).verdict).toBe('pass')
  })

  test('on one platform alone is red there alone', async () => {
    await using mesh = await goMesh({
      go: { platforms: [HOST, FOREIGN] },
      files: {
        'internal/shared/native_windows.go': 'package shared\n\nimport "C"\n',
      },
    })
    const result = await mesh.compile()
    expect(checkOf(result, `cgo/${FOREIGN_ID}`).detail).toContain('example.com/mesh/internal/shared')
    expect(checkOf(result, `cgo/${HOST_ID}`)).toMatchObject({
      verdict: 'pass',
      detail: 'no package needs its cgo files',
    })
  })

  test('is accepted when it is known to work without', async () => {
    await using mesh = await goMesh({
      go: { 'cgo-optional': ['example.com/mesh/internal/native'] },
      files: {
        ...NATIVE,
        'internal/native/stub.go': NATIVE['internal/native/stub.go'].replace('0 }', '42 }'),
      },
    })
    const result = await mesh.compile({ commands: ['registry'] })
    expect(checkOf(result, `cgo/${HOST_ID}`).verdict).toBe('pass')
    expect(result.verdict).toBe('pass')
  })

  test('is built with the C compiler of this machine when go.cgo is set, and works', async () => {
    await using mesh = await goMesh({ go: { cgo: true }, files: NATIVE })
    const result = await mesh.compile({ commands: ['registry'] })
    expect(checkOf(result, `cgo/${HOST_ID}`)).toMatchObject({ verdict: 'skipped', detail: 'built with cgo' })
    // The identity holds CGO_ENABLED=1; that it starts shows that the C function answered.
    expect(checkOf(result, `identity/registry/${HOST_ID}`).verdict).toBe('pass')
    expect(checkOf(result, 'starts/registry').verdict).toBe('pass')
    expect(result.verdict).toBe('pass')
  })

  test('is red with the place in the C code when that does not compile', async () => {
    await using mesh = await goMesh({
      go: { cgo: true },
      files: {
        ...NATIVE,
        'internal/native/native.go': NATIVE['internal/native/native.go'].replace(
          'return 42;',
          'return missing;',
        ),
      },
    })
    const check = checkOf(await mesh.compile({ commands: ['registry'] }), `built/registry/${HOST_ID}`)
    expect(check.verdict).toBe('fail')
    expect(check.detail).toContain('missing')
    expect(check.location).toMatchObject({ file: 'internal/native/native.go', line: 3 })
  })

  test("is built with this machine's entry in go.compilers where it has one", async () => {
    await using mesh = await goMesh({
      files: { ...NATIVE, 'my-cc': '#!/bin/sh\necho "$GOOS" >>"$CC_LOG"\nexec cc "$@"\n' },
    })
    const compiler = join(mesh.directory, 'my-cc')
    await chmod(compiler, 0o755)
    process.env.CC_LOG = join(mesh.directory, 'cc.log')
    const result = await mesh.compile({ commands: ['registry'] }, {}, [
      { path: ['go', 'cgo'], value: true, from: 'test' },
      { path: ['go', 'compilers'], value: { [HOST]: compiler }, from: 'test' },
    ])
    delete process.env.CC_LOG
    expect(result.verdict).toBe('pass')
    expect(await mesh.read('cc.log')).toContain(HOST.split('/')[0])
  })

  test('is the one package of the standard library that does nothing without', async () => {
    await using mesh = await goMesh({
      files: {
        'cmd/mcp-mesh-dev/main.go':
          'package main\n\nimport (\n\t"net"\n\t"os"\n\t"plugin"\n)\n\nfunc main() {\n\tif len(os.Args) > 9 {\n\t\tplugin.Open("x")\n\t\tnet.LookupHost("x")\n\t}\n}\n',
      },
    })
    expect(checkOf(await mesh.compile({ commands: ['cli'] }), `cgo/${HOST_ID}`)).toMatchObject({
      verdict: 'fail',
      detail: 'built without cgo, plugin may be a stub that fails at run time',
    })
  })

  test('cannot be ruled out behind a package that could not be read', async () => {
    await using mesh = await goMesh({
      files: {
        'cmd/mcp-mesh-dev/main.go':
          'package main\n\nimport _ "example.com/mesh/internal/gone"\n\nfunc main() {}\n',
      },
    })
    expect(checkOf(await mesh.compile(), `cgo/${HOST_ID}`)).toMatchObject({
      verdict: 'inconclusive',
      detail: expect.stringMatching(/^go list could not read example\.com\/mesh\/internal\/gone: /),
    })
  })

  test.each([
    ['github.com/prometheus/client_golang/prometheus', 'pass'],
    ['github.com/shirou/gopsutil/v3/mem', 'pass'],
    // Its functions answer that they are not implemented.
    ['github.com/shirou/gopsutil/v3/cpu', 'fail'],
    ['github.com/mattn/go-sqlite3', 'fail'],
  ] as const)('is known of packages that many use: %s', async (name, verdict) => {
    const { config } = await projectWith('')
    const listed = [{ ImportPath: name, CgoFiles: ['native.go'] }]
    expect(cgoCheck('darwin/arm64', listed, { config: config.go }).verdict).toBe(verdict)
  })

  test('is inconclusive when Go cannot list the dependencies, and so is the stage', async () => {
    await using mesh = await goMesh()
    await using _wrapper = await goWrapper(
      mesh.directory,
      'case "$*" in *-deps*) echo "go: no disk" >&2; exit 1;; esac\nexec "$GO" "$@"',
    )
    const result = await mesh.compile()
    expect(checkOf(result, `cgo/${HOST_ID}`)).toMatchObject({
      verdict: 'inconclusive',
      detail: 'go list could not read the dependencies',
    })
    expect(result.checks.filter((check) => check.verdict !== 'pass')).toHaveLength(1)
    expect(result.verdict).toBe('inconclusive')
  })
})

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parseBuildInfo, readBuildInfo } from '../../../src/stages/cross-compile-go/build-info.ts'
import { goMesh, writeFiles } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** As `go version -m` of Go 1.26 prints it. */
const REGISTRY = `bin/registry: go1.26.1
	path	example.com/mesh/cmd/mcp-mesh-registry
	mod	example.com/mesh	(devel)	
	dep	github.com/dustin/go-humanize	v1.0.1	h1:GzkhY7T5VNhEkwH0PVJgjz+fX1rhBrR7pRT3mDkpeCY=
	dep	golang.org/x/sys	v0.36.0	h1:KVRy2GtZBrk1cBYA7MKu5bEZFxQk4NIDV6RLVcC8o0k=
	dep	modernc.org/sqlite	v1.30.0
	=>	example.org/fork/sqlite	v1.30.1	h1:3Dl2lGyF7Xe5AlZqiGyDdLdGdgh3fVQj0YVk1K5XgOo=
	dep	example.com/shared	v1.2.3
	=>	./shared	(devel)	
	
	build	-buildmode=exe
	build	-compiler=gc
	build	-trimpath=true
	build	CGO_ENABLED=0
	build	GOARCH=amd64
	build	GOOS=linux
	build	CGO_CFLAGS=-O2 -DX=1
`

describe('build information as go version -m prints it', () => {
  test('the program, its main module and its settings', () => {
    const info = parseBuildInfo(REGISTRY, ['bin/registry']).get('bin/registry')
    expect(info).toMatchObject({
      goVersion: 'go1.26.1',
      package: 'example.com/mesh/cmd/mcp-mesh-registry',
      module: 'example.com/mesh',
    })
    expect(Object.fromEntries(info?.settings ?? [])).toEqual({
      '-buildmode': 'exe',
      '-compiler': 'gc',
      '-trimpath': 'true',
      CGO_ENABLED: '0',
      GOARCH: 'amd64',
      GOOS: 'linux',
      CGO_CFLAGS: '-O2 -DX=1',
    })
  })

  test('a replaced module is the one that was linked; one replaced by a folder keeps its own name', () => {
    expect(parseBuildInfo(REGISTRY, ['bin/registry']).get('bin/registry')?.modules).toEqual([
      {
        path: 'github.com/dustin/go-humanize',
        version: 'v1.0.1',
        sum: 'h1:GzkhY7T5VNhEkwH0PVJgjz+fX1rhBrR7pRT3mDkpeCY=',
      },
      {
        path: 'golang.org/x/sys',
        version: 'v0.36.0',
        sum: 'h1:KVRy2GtZBrk1cBYA7MKu5bEZFxQk4NIDV6RLVcC8o0k=',
      },
      {
        path: 'example.org/fork/sqlite',
        version: 'v1.30.1',
        sum: 'h1:3Dl2lGyF7Xe5AlZqiGyDdLdGdgh3fVQj0YVk1K5XgOo=',
      },
      { path: 'example.com/shared', version: '(devel)' },
    ])
  })

  test('several files are told apart, one whose name begins like another and one with spaces among them', () => {
    const cli = REGISTRY.replaceAll('registry', 'cli').replace('go1.26.1', 'go1.25.0')
    const files = ['bin/registry', 'bin/my cli', 'bin/registry-old']
    const text = `${REGISTRY}${cli.replace('bin/cli', 'bin/my cli')}bin/registry-old: go1.20\n\tpath\tcommand-line-arguments\n`
    const infos = parseBuildInfo(text, files)
    expect([...infos].map(([file, info]) => [file, info.goVersion])).toEqual([
      ['bin/registry', 'go1.26.1'],
      ['bin/my cli', 'go1.25.0'],
      ['bin/registry-old', 'go1.20'],
    ])
    expect(infos.get('bin/my cli')?.package).toBe('example.com/mesh/cmd/mcp-mesh-cli')
    expect(infos.get('bin/registry-old')?.modules).toEqual([])
  })

  test('a file that was not asked for is not taken', () => {
    expect(parseBuildInfo(REGISTRY, ['bin/cli']).size).toBe(0)
  })
})

describeWith(['go'])('build information of real files', () => {
  test('the Go program among files that are none is read, replaced modules with it', async () => {
    await using folder = await temporaryFolder()
    await writeFiles(folder.path, {
      'go.mod':
        'module example.com/mesh\n\ngo 1.24\n\nrequire example.com/shared v1.2.3\n\nreplace example.com/shared => ./shared\n',
      'main.go': 'package main\n\nimport _ "example.com/shared"\n\nfunc main() {}\n',
      'shared/go.mod': 'module example.com/shared\n\ngo 1.24\n',
      'shared/shared.go': 'package shared\n',
      'notes.txt': 'no program',
    })
    const program = join(folder.path, 'a program')
    execFileSync('go', ['build', '-trimpath', '-o', program, '.'], { cwd: folder.path })
    const asking = { cwd: folder.path, signal: new AbortController().signal }
    const infos = await readBuildInfo(
      [join(folder.path, 'notes.txt'), program, join(folder.path, 'gone')],
      asking,
    )
    expect([...infos.keys()]).toEqual([program])
    expect(infos.get(program)).toMatchObject({
      package: 'example.com/mesh',
      module: 'example.com/mesh',
      modules: [{ path: 'example.com/shared', version: '(devel)' }],
    })
    expect(infos.get(program)?.settings.get('-trimpath')).toBe('true')
  })

  test('files that are all no Go programs give nothing', async () => {
    await using mesh = await goMesh()
    const asking = { cwd: mesh.directory, signal: new AbortController().signal }
    expect(await readBuildInfo([join(mesh.directory, 'go.mod')], asking)).toEqual(new Map())
    expect(await readBuildInfo([], asking)).toEqual(new Map())
  })
})

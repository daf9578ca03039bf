import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { goMesh, HOST_ID } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { checkOf } from '../../support/stage-context.ts'

/** A program that, when it is started, overwrites every other file of the folders that `folders` gives. */
const overwriting = (folders: string) => `package main

import (
	"os"
	"path/filepath"
)

func main() {
	self, _ := os.Executable()
	cwd, _ := os.Getwd()
	_, _ = self, cwd
	for _, pattern := range []string{${folders}} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && file != self {
				os.Remove(file)
				os.WriteFile(file, []byte("swapped"), 0o755)
			}
		}
	}
}
`

describeWith(['go', 'sha256sum'])('the programs of the project, once they are started', () => {
  const verified = async (folder: string) =>
    (await promisify(execFile)('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder })).stdout

  test('do not come upon the binaries that are yet to be placed', async () => {
    await using mesh = await goMesh({
      files: {
        // The first that is started, when the other is not placed yet.
        'cmd/mcp-mesh-registry/main.go': overwriting(
          'filepath.Join(cwd, "*"), filepath.Join(filepath.Dir(self), "*"), filepath.Join(cwd, "..", "*", "*")',
        ),
      },
    })
    const result = await mesh.compile()
    expect(result.verdict).toBe('pass')
    expect((await verified(join(mesh.directory, 'bin'))).match(/: OK$/gm)).toHaveLength(2)
    expect(await readdir(mesh.temporary)).toEqual([])
  })

  test('cannot swap what was proved: it is red, not placed and not vouched for', async () => {
    await using mesh = await goMesh({
      files: {
        'cmd/mcp-mesh-dev/main.go': overwriting(
          'filepath.Join(os.Getenv("MESH_TEST_TEMPORARY"), "build-*", "*", "mcp-mesh-registry")',
        ),
      },
    })
    process.env.MESH_TEST_TEMPORARY = mesh.temporary
    const result = await mesh.compile()
    delete process.env.MESH_TEST_TEMPORARY
    expect(checkOf(result, `sealed/registry/${HOST_ID}`)).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(
        /^programs of the project changed it: SHA-256 [0-9a-f]{64}, not SHA-256 [0-9a-f]{64}$/,
      ),
    })
    expect(result.verdict).toBe('fail')
    expect(result.data.binaries.map(({ command }) => command)).toEqual(['cli'])
    expect(await readdir(join(mesh.directory, 'bin'))).not.toContain(`mcp-mesh-registry-${HOST_ID}`)
    expect(await verified(join(mesh.directory, 'bin'))).toBe(`mcp-mesh-dev-${HOST_ID}: OK\n`)
  })
})

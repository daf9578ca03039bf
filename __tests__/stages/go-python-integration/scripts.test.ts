import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { faultyMesh, faultyRegistry, faultyStage } from '../../support/faulty-mesh.ts'
import { checkOf } from '../../support/stage-context.ts'

const python = (script: string) => ['python3', '-S', '-E', '-c', script]

/** The stage's scripts alone. */
function scriptsStage(scripts: readonly (readonly string[])[], registry = '') {
  const deployments = { standalone: faultyRegistry(registry) }
  return faultyStage({ scripts, deployments }, { only: ['scripts'] })
}

describe('an integration script', () => {
  test('that passes is green, and one that fails is red with its code and its last words', async () => {
    await using stage = await scriptsStage([
      python('print("all is well")'),
      python('import sys; sys.exit("two agents, not three")'),
    ])
    expect(checkOf(stage.result, 'scripts/1')).toMatchObject({ verdict: 'pass', detail: 'exit code 0' })
    expect(checkOf(stage.result, 'scripts/2')).toMatchObject({
      verdict: 'fail',
      detail: 'exit code 1 (two agents, not three)',
    })
    expect(checkOf(stage.result, 'left-nothing').verdict).toBe('pass')
    expect(await stage.log()).toMatch(/ms script-1 {2}\| all is well/)
  })

  test('has a fresh registry at MCP_MESH_REGISTRY_URL, and the programs on PATH under their own names', async () => {
    const script = `
import json, os, shutil, sys, urllib.request
assert sys.argv[1] == os.environ["MCP_MESH_REGISTRY_URL"]
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
ask = lambda path, data=None: json.load(direct.open(os.environ["MCP_MESH_REGISTRY_URL"] + path, data))
print(ask("/agents")["count"])
ask("/agents/register", b'{"name": "mine"}')
print(ask("/agents")["count"], os.path.realpath(shutil.which("mcp-mesh-registry")), shutil.which("mcp-mesh-dev"))
`
    await using mesh = await faultyMesh({
      scripts: [
        [...python(script), '{url}'],
        [...python(script), '{url}'],
      ],
      go: { commands: { registry: './cmd/mcp-mesh-registry', cli: './cmd/mcp-mesh-dev' } },
    })
    const registry = join(mesh.directory, 'registry-linux')
    writeFileSync(registry, '#!/bin/sh\n', { mode: 0o755 })
    const result = await mesh.integrate({ only: ['scripts'], programs: { registry } })
    expect(result.verdict).toBe('pass')
    const said = (await mesh.log())
      .split('\n')
      .flatMap((line) => /script-\d {2}\| (.*)/.exec(line)?.[1] ?? [])
    expect(said).toEqual(['0', `1 ${registry} None`, '0', `1 ${registry} None`])
    expect(mesh.leftovers()).toEqual([])
  })

  test('that leaves a process behind is named, and the process is gone', async () => {
    const leaving = `
import subprocess
subprocess.Popen(["sleep", "300"], start_new_session=True)`
    await using stage = await scriptsStage([python(leaving)])
    expect(checkOf(stage.result, 'scripts/1').verdict).toBe('pass')
    expect(checkOf(stage.result, 'left-nothing')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(/^still running, and ended now: sleep \(\d+\) of script-1$/),
    })
  })

  test('whose registry dies is red with the registry’s end, and does not go on', async () => {
    const killing = `
import json, os, time, urllib.request
try:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    direct.open(os.environ["MCP_MESH_REGISTRY_URL"] + "/agents/register", b'{"name": "mine"}')
except OSError:
    time.sleep(300)`
    await using stage = await scriptsStage([python(killing)], 'dies')
    expect(checkOf(stage.result, 'scripts/1')).toMatchObject({
      verdict: 'fail',
      detail: 'standalone-for-script-1 ended: exit code 9 (out of memory)',
    })
  })

  test('whose registry does not start is red with why', async () => {
    await using stage = await scriptsStage([python('')], 'exits')
    expect(checkOf(stage.result, 'scripts/1')).toMatchObject({
      verdict: 'fail',
      detail: 'standalone-for-script-1 ended before it was ready: exit code 1 (no database)',
    })
  })
})

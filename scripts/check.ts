/** Everything that can be said of the tree without running it, side by side; fails with the output of what failed. */
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

const checks: readonly {
  readonly title: string
  readonly command: readonly string[]
  readonly cwd?: string
}[] = [
  { title: 'types', command: [bin('tsc'), '--noEmit'] },
  { title: 'format and lint', command: [bin('biome'), 'check', '--error-on-warnings', '.'] },
  {
    title: 'directions of imports',
    command: [process.execPath, bin('depcruise'), '--config', join(root, '.dependency-cruiser.js'), 'src'],
    cwd: sourcesWithoutUsing(),
  },
  { title: 'dead code', command: [process.execPath, bin('knip')] },
  { title: 'generated files', command: [process.execPath, join(root, 'scripts', 'generate.ts'), '--check'] },
]

/** A copy of src/ for the import check, whose parser (swc's visitor) does not know `using` declarations yet. */
function sourcesWithoutUsing(): string {
  const copy = join(root, 'node_modules', '.cache', 'imports')
  rmSync(copy, { recursive: true, force: true })
  mkdirSync(copy, { recursive: true })
  cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true })
  for (const name of readdirSync(join(copy, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue
    const file = join(copy, 'src', name)
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\b(await )?using (?=\w+ = )/g, 'const '))
  }
  return copy
}

async function passes({ title, command, cwd }: (typeof checks)[number]): Promise<boolean> {
  const startedAt = performance.now()
  const [file = '', ...args] = command
  const child = spawn(file, args, { cwd: cwd ?? root, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${title} (${seconds} s)\n`)
  if (code !== 0) process.stdout.write(Buffer.concat(output))
  return code === 0
}

const results = await Promise.all(checks.map(passes))
process.exitCode = results.every(Boolean) ? 0 : 1

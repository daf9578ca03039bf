import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe } from '@jest/globals'
import { AS_ROOT } from './own-engine.ts'
import { ROOT } from './suite.ts'

export const ZIZMOR = join(ROOT, '.tools', 'python', 'bin', 'zizmor')

/** What a machine must have for some tests, and how it is asked. */
const TOOLS = {
  go: ['go', 'version'],
  python3: ['python3', '--version'],
  'python3 of version 3.11 or later': ['python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 11))'],
  cc: ['cc', '--version'],
  // The engine answers, too.
  docker: ['docker', 'version'],
  chromium: ['/usr/bin/chromium', '--version'],
  // scripts/verify installs it.
  zizmor: [ZIZMOR, '--version'],
  // A file system of a given size can be mounted where nobody else sees it.
  'an engine of its own': [
    ...AS_ROOT,
    'unshare',
    '--mount',
    '--net',
    'mount',
    '-t',
    'tmpfs',
    'tmpfs',
    '/mnt',
  ],
  sha256sum: ['sha256sum', '--version'],
} as const

type Tool = keyof typeof TOOLS

/** `describe` where the machine has these tools; else the tests are skipped, and named at the end of the run. */
export function describeWith(tools: readonly Tool[]): typeof describe | typeof describe.skip {
  const missing = tools.filter((tool) => {
    const [file = '', ...args] = TOOLS[tool]
    return spawnSync(file, args, { stdio: 'ignore' }).status !== 0
  })
  return missing.length === 0 ? describe : describe.skip
}

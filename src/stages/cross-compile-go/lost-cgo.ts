import type { Check } from '../../result/stage-result.ts'
import type { BuildSettings } from './build.ts'
import { dashed } from './build-run.ts'
import type { ListedPackage } from './packages.ts'

/**
 * Packages that have cgo files on some platform and are sound without them. Only what was read in their sources:
 * of github.com/shirou/gopsutil/v3 for one, `cpu` and `disk` answer "not implemented yet" on macOS without cgo.
 */
const SOUND_WITHOUT: ReadonlySet<string> = new Set([
  // On macOS two gauges of the process collector's (resident and virtual memory) are not offered; nothing else uses C.
  'github.com/prometheus/client_golang/prometheus',
  // On macOS it asks vm_stat(1) instead of the kernel.
  'github.com/shirou/gopsutil/v3/mem',
])

/**
 * Whether the packages behind the commands have cgo files on this platform. Built with CGO_ENABLED=0 those files
 * vanish without a word, and what is left may be a stub that fails at run time, as of some SQLite drivers. Of the
 * standard library only `plugin` is one; all else has a complete side in pure Go.
 */
export function cgoCheck(
  platform: string,
  listed: readonly ListedPackage[] | undefined,
  { config }: Pick<BuildSettings, 'config'>,
): Check {
  const check = { id: `cgo/${dashed(platform)}`, title: `nothing for ${platform} lost its cgo files` }
  if (config.cgo) return { ...check, verdict: 'skipped', detail: 'built with cgo' }
  if (!listed) {
    return { ...check, verdict: 'inconclusive', detail: 'go list could not read the dependencies' }
  }
  const optional = config['cgo-optional']
  const lost = listed
    .filter(({ Standard, ImportPath }) => !Standard || ImportPath === 'plugin')
    .filter(({ CgoFiles = [] }) => CgoFiles.length > 0)
    .map(({ ImportPath }) => ImportPath)
    .filter((one) => !optional.includes(one) && !SOUND_WITHOUT.has(one))
  if (lost.length > 0) {
    return {
      ...check,
      verdict: 'fail',
      detail: `built without cgo, ${lost.join(', ')} may be a stub that fails at run time`,
      fix: `set go.cgo and go.compilers, or say that it works without: go: { cgo-optional: [${[...optional, ...lost].join(', ')}] }`,
    }
  }
  // What could not be read hides what it imports.
  const unread = listed.find((one) => one.Error)
  if (unread) {
    const [why = ''] = (unread.Error?.Err ?? '').trim().split('\n')
    return {
      ...check,
      verdict: 'inconclusive',
      detail: `go list could not read ${unread.ImportPath}: ${why}`,
    }
  }
  return { ...check, verdict: 'pass', detail: 'no package needs its cgo files' }
}

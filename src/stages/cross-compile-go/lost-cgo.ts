import type { Check } from '../../result/stage-result.ts'
import type { BuildSettings } from './build.ts'
import { dashed } from './build-run.ts'
import type { ListedPackage } from './packages.ts'

/**
 * Whether the packages behind the commands have cgo files on this platform. Built with CGO_ENABLED=0 those files
 * vanish without a word, and what is left may be a stub that fails at run time, as of some SQLite drivers. The
 * standard library's are left out: its pure Go side is complete.
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
  const lost = listed
    .filter((one) => !one.Standard && (one.CgoFiles?.length ?? 0) > 0)
    .map((one) => one.ImportPath)
    .filter((one) => !config['cgo-optional'].includes(one))
  if (lost.length === 0) return { ...check, verdict: 'pass', detail: 'no package with cgo files' }
  return {
    ...check,
    verdict: 'fail',
    detail: `built without cgo, ${lost.join(', ')} may be a stub that fails at run time`,
    fix: 'set go.cgo and go.compilers, or list it in go.cgo-optional when it works without',
  }
}

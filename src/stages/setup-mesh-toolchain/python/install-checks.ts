import type { Check } from '../../../result/stage-result.ts'
import type { PythonPackage } from '../../../toolchain/python-packages.ts'
import type { ExtraRequirement } from './extra-requirements.ts'
import type { Failure } from './installer.ts'
import type { InstalledPackage } from './venv.ts'

const check = (path: string, rest: Pick<Check, 'verdict'> & Partial<Check>): Check => ({
  id: `installed/${path}`,
  title: `${path} is installed`,
  ...rest,
})

const EXTRA = 'extra-requirements'

function withExtra(
  extra: readonly ExtraRequirement[],
  rest: Pick<Check, 'verdict'> & Partial<Check>,
): Check[] {
  if (extra.length === 0) return []
  return [{ ...check(EXTRA, rest), title: 'the extra requirements are installed' }]
}

/** What an environment was found to have. */
export function present(
  packages: readonly PythonPackage[],
  extra: readonly ExtraRequirement[],
  installed: readonly InstalledPackage[],
  reused: boolean,
): readonly Check[] {
  const how = reused ? 'as before' : 'editable'
  const checks = packages.map(({ path }) => {
    const one = installed.find((each) => each.path === path)
    return one
      ? check(path, { verdict: 'pass', detail: `${one.name} ${one.version}, ${how}` })
      : check(path, {
          verdict: 'fail',
          detail: 'the installer succeeded, but the environment does not have it',
        })
  })
  const written = extra.map((one) => one.written).join(', ')
  return [...checks, ...withExtra(extra, { verdict: 'pass', detail: written })]
}

/** Nothing is installed while one description is broken: what depends on that package would get a stranger's. */
export function unreadable(
  packages: readonly PythonPackage[],
  extra: readonly ExtraRequirement[],
): readonly Check[] {
  const broken = packages.find((one) => one.broken)
  const rest = { verdict: 'inconclusive', detail: `not tried, since ${broken?.broken?.message}` } as const
  const checks = packages.map((one) =>
    one.broken
      ? check(one.path, {
          verdict: 'fail',
          detail: one.broken.message,
          ...(one.broken.fix === undefined ? {} : { fix: one.broken.fix }),
          ...(one.broken.line === undefined ? {} : { location: { file: one.file, line: one.broken.line } }),
        })
      : check(one.path, rest),
  )
  return [...checks, ...withExtra(extra, rest)]
}

/** The packages that the installer's cause names are red; where it names none, all are. */
export function blamed(
  packages: readonly PythonPackage[],
  extra: readonly ExtraRequirement[],
  failure: Failure,
): readonly Check[] {
  const named = packages.filter((one) => names(failure.cause, one))
  const guilty = named.length > 0 ? named : packages
  const failed = {
    verdict: 'fail',
    detail: failure.cause,
    ...(failure.fix === undefined ? {} : { fix: failure.fix }),
  } as const
  const verdictOf = (one: PythonPackage) =>
    guilty.includes(one)
      ? check(one.path, failed)
      : check(one.path, {
          verdict: 'inconclusive',
          detail: `not installed, since ${guilty[0]?.path} was not`,
        })
  const isOfExtra = named.length === 0
  return [
    ...packages.map(verdictOf),
    ...withExtra(
      extra,
      isOfExtra
        ? failed
        : { verdict: 'inconclusive', detail: `not installed, since ${guilty[0]?.path} was not` },
    ),
  ]
}

/** Whether an installer's words name a package, by its name or its folder. */
function names(text: string, { name, folder }: PythonPackage): boolean {
  const plain = text.replaceAll('_', '-').toLowerCase()
  const isNamed = (word: string, before: string) => {
    const escaped = word
      .toLowerCase()
      .replaceAll(/[_.]/g, '-')
      .replaceAll(/[^\w-]/g, '.')
    return new RegExp(`${before}${escaped.replaceAll('-', '[-.]')}(?![\\w/-])`).test(plain)
  }
  return (name !== undefined && isNamed(name, '(?<![\\w./-])')) || isNamed(folder, '')
}

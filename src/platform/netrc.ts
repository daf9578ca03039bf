import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '../process/environment.ts'
import { pasteable } from '../process/paste.ts'

/** A login so long is a token. */
const LONG_LOGIN = 20

/** The words of a .netrc that are secret: what follows `password` and `account`, and a login that is a token. */
export function secretWords(netrc: string): readonly string[] {
  const words = wordsOf(netrc)
  const secrets = words.filter((word, at) => {
    const key = words[at - 1]
    return key === 'password' || key === 'account' || (key === 'login' && word.length >= LONG_LOGIN)
  })
  return [...new Set(secrets)].filter((word) => word !== '')
}

function wordsOf(netrc: string): readonly string[] {
  return [...netrc.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
}

interface Login {
  /** Host, with its port where it is not that of HTTPS. */
  readonly machine: string
  readonly login: string
  readonly password: string
}

/** The whole logins of a .netrc, of each machine the first, as those that read such files take them. */
export function loginsIn(netrc: string): readonly Login[] {
  const words = wordsOf(netrc)
  const starts = words.flatMap((word, at) => (word === 'machine' || word === 'default' ? [at] : []))
  const logins = starts.flatMap((start, nth) => {
    const entry = words.slice(start, starts[nth + 1])
    const after = (key: string) => (entry.includes(key) ? entry[entry.indexOf(key) + 1] : undefined)
    const [machine, login, password] = [after('machine'), after('login'), after('password')]
    return machine && login && password !== undefined ? [{ machine, login, password }] : []
  })
  return logins.filter(({ machine }, at) => logins.findIndex((one) => one.machine === machine) === at)
}

/**
 * Does something with a .netrc, whose logins then are where Go, pip and uv look (NETRC) and where git does: in files
 * that only this user can read. All is gone when it is done; `folder` is a fresh one of the stage's.
 */
export async function withNetrc<T>(
  netrc: string | undefined,
  folder: string,
  work: () => Promise<T>,
): Promise<T> {
  if (netrc === undefined) return work()
  const [file, forGit] = [join(folder, 'netrc'), join(folder, 'git-credentials')]
  const logins = loginsIn(netrc)
  const lines = logins.map(
    ({ machine, login, password }) =>
      `https://${encodeURIComponent(login)}:${encodeURIComponent(password)}@${machine}\n`,
  )
  await writeFile(file, `${netrc}\n`, { mode: 0o600 })
  await writeFile(forGit, lines.join(''), { mode: 0o600 })
  const changes = { NETRC: file, ...gitVariables(logins, forGit, process.env) }
  const before = Object.keys(changes).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, changes)
  try {
    return await work()
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
    await Promise.all([file, forGit].map((one) => rm(one, { force: true })))
  }
}

/**
 * What makes git ask a file of its own for these machines. git's curl knows no NETRC, only the .netrc of the home, and
 * another home would be without the user's configuration. The empty helper takes the place of those that are
 * configured: they would keep for good a password that worked.
 */
function gitVariables(
  logins: readonly Login[],
  file: string,
  environment: Environment,
): Record<string, string> {
  const settings = logins.flatMap(({ machine }) => {
    const key = `credential.https://${machine}.helper`
    return [
      [key, ''],
      // git hands this to a shell.
      [key, pasteable(['store', `--file=${file}`])],
    ]
  })
  const first = Number(environment.GIT_CONFIG_COUNT || 0)
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(first + settings.length)],
    ...settings.flatMap(([key, value], at) => [
      [`GIT_CONFIG_KEY_${first + at}`, key],
      [`GIT_CONFIG_VALUE_${first + at}`, value],
    ]),
  ])
}

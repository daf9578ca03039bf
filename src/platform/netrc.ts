import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A login so long is a token. */
const LONG_LOGIN = 20

/** The words of a .netrc that are secret: what follows `password` and `account`, and a login that is a token. */
export function secretWords(netrc: string): readonly string[] {
  const words = [...netrc.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  )
  const secrets = words.filter((word, at) => {
    const key = words[at - 1]
    return key === 'password' || key === 'account' || (key === 'login' && word.length >= LONG_LOGIN)
  })
  return [...new Set(secrets)].filter((word) => word !== '')
}

/**
 * Does something with a .netrc in a file that only this user can read, and NETRC saying where: Go, pip, uv and git's
 * curl look there. Both are gone when it is done; `folder` is a fresh one of the stage's.
 */
export async function withNetrc<T>(
  netrc: string | undefined,
  folder: string,
  work: () => Promise<T>,
): Promise<T> {
  if (netrc === undefined) return work()
  const file = join(folder, 'netrc')
  await writeFile(file, `${netrc}\n`, { mode: 0o600 })
  const before = process.env.NETRC
  process.env.NETRC = file
  try {
    return await work()
  } finally {
    if (before === undefined) delete process.env.NETRC
    else process.env.NETRC = before
    await rm(file, { force: true })
  }
}

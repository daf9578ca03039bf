import { posix } from 'node:path'

/** Go names a program after the last part of its import path, or the one before a major version. */
export function programName(module: string, path: string): string {
  const parts = posix.join(module, path).split('/')
  const last = parts.at(-1) ?? module
  return /^v[2-9]\d*$|^v1\d+$/.test(last) ? (parts.at(-2) ?? last) : last
}

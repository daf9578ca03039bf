const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 }

/**
 * A path as git prints it: as it is, or between quotes with C's escapes where it has quotes, control characters or
 * bytes beyond ASCII. A name that is no UTF-8 keeps its escapes, so that two of them stay different.
 */
export function unquotedPath(written: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOfPath(written))
  } catch {
    return written.slice(1, -1)
  }
}

/** The bytes of a path that git printed: what the file system knows it by, also where they are no text. */
export function bytesOfPath(written: string): Buffer {
  if (!written.startsWith('"')) return Buffer.from(written)
  const bytes: number[] = []
  for (const [, octal, escaped, plain] of written.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\])/gsu)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8))
    else if (escaped !== undefined) bytes.push(ESCAPES[escaped] ?? escaped.charCodeAt(0))
    else bytes.push(...Buffer.from(plain ?? ''))
  }
  return Buffer.from(bytes)
}

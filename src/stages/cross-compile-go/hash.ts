import { createHash, webcrypto } from 'node:crypto'

/** SHA-256 as lower-case hexadecimal. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The same, of a large file beside other work: on a thread of its own, several at once. */
export async function sha256Aside(bytes: Buffer<ArrayBuffer>): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex')
}

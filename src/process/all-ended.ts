/**
 * What Promise.all gives, but not before the last of them has ended: after a failure or an abort nothing is still
 * at work that could write into a folder which is about to be removed.
 */
export async function allEnded<T extends readonly unknown[] | []>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work)
  return Promise.all(work)
}

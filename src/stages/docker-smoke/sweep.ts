import { allEnded } from '../../process/all-ended.ts'
import { succeeded } from '../../process/run.ts'
import { docker, isGone, namedImages, OWNER_LABEL } from './engine.ts'

/** What the stage makes, in the order in which it can be removed. */
const KINDS = [
  { list: ['ps', '--all'], id: '{{.ID}}', remove: ['rm', '--force', '--volumes'] },
  { list: ['volume', 'ls'], id: '{{.Name}}', remove: ['volume', 'rm', '--force'] },
  { list: ['network', 'ls'], id: '{{.ID}}', remove: ['network', 'rm'] },
] as const

const REMOVE_MS = 60_000

/**
 * Removes every container, volume, network and image name of an owner. False when the engine did not carry all of it
 * out: then something may be left.
 */
export async function removeAll(owner: string, signal: AbortSignal): Promise<boolean> {
  let isDone = true
  const remove = async (...args: readonly string[]) => {
    const outcome = await docker(args, { signal, timeoutMs: REMOVE_MS })
    isDone &&= succeeded(outcome)
  }
  for (const kind of KINDS) {
    const listed = await listOf(kind.list, kind.id, signal, owner)
    isDone &&= listed !== undefined
    if (listed && listed.length > 0) await remove(...kind.remove, ...listed)
  }
  const images = await namedImages(signal)
  isDone &&= images !== undefined
  const mine = (images ?? []).filter((one) => one.owner === owner).map(({ image }) => image)
  if (mine.length > 0) await remove('rmi', '--force', ...mine)
  return isDone
}

/** Removes what runs on this machine left that were killed: everything whose owner's process is gone; those owners. */
export async function sweep(signal: AbortSignal): Promise<readonly string[]> {
  const gone = [...new Set(await ownersIn(signal))].filter(isGone)
  for (const owner of gone) await removeAll(owner, signal)
  return gone
}

/** The owner of each thing in the engine that has one. */
async function ownersIn(signal: AbortSignal): Promise<readonly string[]> {
  const format = `{{.Label "${OWNER_LABEL}"}}`
  const labelled = await allEnded(KINDS.map(({ list }) => listOf(list, format, signal)))
  const images = await namedImages(signal)
  return [...labelled.flatMap((owners) => owners ?? []), ...(images ?? []).map(({ owner }) => owner)]
}

/** What the engine lists of things that have an owner, or this one; undefined where it cannot be asked. */
async function listOf(
  list: readonly string[],
  format: string,
  signal: AbortSignal,
  owner?: string,
): Promise<readonly string[] | undefined> {
  const label = owner === undefined ? OWNER_LABEL : `${OWNER_LABEL}=${owner}`
  const outcome = await docker([...list, '--filter', `label=${label}`, '--format', format], { signal })
  return succeeded(outcome) ? outcome.stdout.split('\n').filter((line) => line !== '') : undefined
}

import { allEnded } from '../../process/all-ended.ts'
import { docker, isGone, namedImages, OWNER_LABEL } from './engine.ts'

/** What the stage makes, in the order in which it can be removed. */
const KINDS = [
  { list: ['ps', '--all'], id: '{{.ID}}', remove: ['rm', '--force', '--volumes'] },
  { list: ['volume', 'ls'], id: '{{.Name}}', remove: ['volume', 'rm', '--force'] },
  { list: ['network', 'ls'], id: '{{.ID}}', remove: ['network', 'rm'] },
] as const

/** Removes every container, volume, network and image name of an owner. What is gone already is no fault. */
export async function removeAll(owner: string, signal: AbortSignal): Promise<void> {
  for (const { list, id, remove } of KINDS) {
    const ids = await lines([...list, '--filter', `label=${OWNER_LABEL}=${owner}`, '--format', id], signal)
    if (ids.length > 0) await docker([...remove, ...ids], { signal })
  }
  const images = (await namedImages(signal)).filter((one) => one.owner === owner).map(({ image }) => image)
  if (images.length > 0) await docker(['rmi', '--force', ...images], { signal })
}

/** Removes what runs on this machine left that were killed: everything whose owner's process is gone; those owners. */
export async function sweep(signal: AbortSignal): Promise<readonly string[]> {
  const format = `{{.Label "${OWNER_LABEL}"}}`
  const labelled = await allEnded(
    KINDS.map(({ list }) => lines([...list, '--filter', `label=${OWNER_LABEL}`, '--format', format], signal)),
  )
  const owners = [...labelled.flat(), ...(await namedImages(signal)).map(({ owner }) => owner)]
  const gone = [...new Set(owners)].filter(isGone)
  for (const owner of gone) await removeAll(owner, signal)
  return gone
}

async function lines(args: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
  return (await docker(args, { signal })).stdout.split('\n').filter((line) => line !== '')
}

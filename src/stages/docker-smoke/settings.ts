import { registryEnvironment } from '../../mesh/deployment.ts'
import { succeeded } from '../../process/run.ts'
import type { Check } from '../../result/stage-result.ts'
import { formatDuration } from '../../result/units.ts'
import { awaitContainer, publishedUrl, startContainer } from './container.ts'
import { docker, EngineError, make, OWNER_LABEL } from './engine.ts'
import { probe } from './probe.ts'
import { runSpec, type Subject } from './subject.ts'

/** The port and folder that the environment names where it is asked whether that is heeded. */
const OTHER_PORT = 18_080
const OTHER_FOLDER = '/mesh-data'
const OTHER_FILE = `${OTHER_FOLDER}/registry.db`

/** Whether host, port and data path can be given by the environment alone, as a Kubernetes deployment does. */
export async function settingsCheck(subject: Subject): Promise<Check> {
  const { name, owner, readiness, spec, signal } = subject
  const check = {
    id: `settings/${name}`,
    title: `${name} takes host, port and data path from its environment`,
  }
  try {
    const container = await startContainer(
      {
        ...runSpec(subject),
        port: OTHER_PORT,
        volumes: { [OTHER_FOLDER]: await openVolume(owner, signal) },
        env: registryEnvironment('0.0.0.0', OTHER_PORT, OTHER_FILE),
      },
      signal,
    )
    const url = await publishedUrl(container.id, OTHER_PORT, signal)
    const limits = { port: OTHER_PORT, url, timeoutMs: spec.timeout, signal }
    const ms = await awaitContainer(container, readiness, limits)
    const probed = await probe(url, signal)
    const isElsewhere = probed.kind === 'registered' && (await isEmpty(container.id, signal))
    await docker(['rm', '--force', '--volumes', container.id], { signal })
    if (probed.kind === 'failed')
      return { ...check, verdict: 'fail', detail: `in ${OTHER_FILE}: ${probed.why}` }
    if (isElsewhere) {
      const detail = `with MCP_MESH_DB_PATH=${OTHER_FILE} nothing is written there`
      return { ...check, verdict: 'fail', detail }
    }
    const data = probed.kind === 'registered' ? `data in ${OTHER_FOLDER}, ` : ''
    return {
      ...check,
      verdict: 'pass',
      detail: `port ${OTHER_PORT}, ${data}ready after ${formatDuration(ms)}`,
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    return { ...check, verdict: 'fail', detail: `with PORT=${OTHER_PORT} ${error.message}` }
  }
}

/** A volume in memory that everybody may write to, and that `docker cp` can look into, as it cannot into --tmpfs. */
function openVolume(owner: string, signal: AbortSignal): Promise<string> {
  const options = ['type=tmpfs', 'device=tmpfs', 'o=mode=1777'].flatMap((option) => ['--opt', option])
  return make(['volume', 'create', '--label', `${OWNER_LABEL}=${owner}`, ...options], signal)
}

/** Whether nothing was written to the folder; false where it cannot be looked into. */
async function isEmpty(id: string, signal: AbortSignal): Promise<boolean> {
  const outcome = await docker(['cp', `${id}:${OTHER_FOLDER}`, '-'], { signal })
  // A tar of the folder alone is its header and two empty blocks.
  return succeeded(outcome) && Buffer.byteLength(outcome.stdout) <= 3 * 512
}

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { action, input, output } from '../platform/declare.ts'
import { integrationDetails } from '../stages/go-python-integration/details.ts'
import { GO_DEPLOYMENTS, integrate, PARTS } from '../stages/go-python-integration/index.ts'
import { HOST_PLATFORM } from '../stages/setup-mesh-toolchain/go/platform.ts'
import { binariesInput } from './binaries-input.ts'
import { verifiedPrograms } from './programs.ts'

/** Runs the Python agents on the Go registry, standalone and embedded. */
export default action({
  title: 'Go and Python integration',
  description: 'Runs the Python agents on the Go registry, in both of its deployments, and the Go tests',
  stage: 'go-python-integration',
  inputs: {
    binaries: binariesInput,
    deployments: input.some('Deployments of the Go registry; default all', GO_DEPLOYMENTS),
    only: input.some('Parts of the stage; default all', PARTS),
    timeout: input.duration('How long an agent may take for each thing that is asked of it, as in 90s', {
      default: '30s',
    }),
    keepLogs: input.flag('Uploads the logs of the services also when all is well', { default: 'false' }),
  },
  outputs: {
    agents: output.json('Names that the agents registered under'),
    readyMs: output.json('Time to ready of each deployment, in milliseconds'),
    log: output.text('Merged log of all services, absolute'),
  },
  async run(context) {
    const { inputs, project, stage, logs } = context
    const programs = inputs.only.some((part) => part !== 'go-tests')
      ? await verifiedPrograms(context, inputs.binaries)
      : {}
    const result = await integrate(
      project,
      { ...inputs, programs, platform: HOST_PLATFORM, timeoutMs: inputs.timeout, logs },
      stage,
    )
    const { agents, readyMs, log } = result.data
    const keeps = inputs.keepLogs || result.verdict !== 'pass'
    return {
      result,
      files: keeps ? (await readdir(logs)).map((name) => join(logs, name)) : [],
      outputs: { agents, readyMs, log },
      details: integrationDetails(result.data),
    }
  },
})

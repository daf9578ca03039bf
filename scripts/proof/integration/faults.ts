import { faultyAgent, faultyRegistry } from '../../../__tests__/support/faulty-mesh.ts'
import type { Fault } from '../proven.ts'

/** Registries that fail by themselves, or that have to be ended; each is the fault of its name. */
const OF_REGISTRIES = [
  'answers-500',
  'dies',
  'dies-again',
  'exits',
  'forgets',
  'goes-by-registration',
  'hangs-again',
  'ignores-sigterm',
  'ipv6-only',
  'leaves-a-grandchild',
  'never-degrades',
  'never-listens',
  'other-answers',
  'prints-commands',
  'prints-much',
  'refuses-agents',
  'refuses-heartbeats',
  'second-exits-0',
  'second-hangs',
  'unhealthy',
  'wrong-port',
] as const

const OF_AGENTS = [
  'always-the-fallback',
  'another-name',
  'asks-nothing',
  'exits',
  'exits-later',
  'exits-when-called',
  'late',
  'no-heartbeats',
  'not-callable',
  'registers-again',
  'registers-nothing',
  'twice',
] as const

/** A script that ends and leaves a process in a session of its own. */
const LEAVING = 'import subprocess; subprocess.Popen(["sleep", "300"], start_new_session=True)'

/** A mesh with one fault, as its mesh.yml. */
export interface MeshFault extends Fault {
  readonly config: object
}

/** A run that nobody ends takes about so long. */
const LATEST_MS = 5_000

/** Every fault that is forced: of registries, of agents, of a script. */
export const FAULTS: readonly MeshFault[] = [
  ...OF_REGISTRIES.map((fault) => meshOf(`registry: ${fault}`, { registry: fault })),
  ...OF_AGENTS.map((fault) => meshOf(`agent: ${fault}`, { agent: fault })),
  meshOf('script: leaves a process', { scripts: [['python3', '-S', '-E', '-c', LEAVING]] }),
]

function meshOf(
  name: string,
  { registry = '', agent = '', scripts = [] }: { registry?: string; agent?: string; scripts?: string[][] },
): MeshFault {
  const deployment = (fault: string) => faultyRegistry(fault, { timeout: '3s' })
  const calls = [
    { agent: 'hello', tool: 'greeting', contains: 'from other' },
    { agent: 'hello', tool: 'greeting', contains: 'Nobody', stopped: ['other'] },
  ]
  return {
    name,
    latestMs: LATEST_MS,
    config: {
      go: { commands: { registry: './cmd/registry' } },
      deployments: {
        standalone: deployment(registry),
        embedded: deployment(''),
        reference: deployment(''),
      },
      integration: { agents: [faultyAgent(agent), faultyAgent('', 'other')], calls, scripts },
    },
  }
}

import { z } from 'zod'
import * as v from './values.ts'

/** Options of the schema that depend on the project at hand. */
export interface SchemaContext {
  /** Why a path leads out of the project, or undefined; see `values.insidePath`. */
  readonly refusePath: (path: string) => string | undefined
}

const PYTHON_FOLDERS = ['packages/mcp_mesh', 'packages/mcp_mesh_runtime']

/**
 * The schema of mesh.yml: the only source of its types, defaults, JSON Schema and reference page.
 * Every key has a default equal to the seed's layout, so a repository laid out like that needs no file.
 */
export function meshSchema({ refusePath }: SchemaContext) {
  const path = v.insidePath(refusePath)
  const plain = v.plainPath(refusePath)

  const ready = z
    .union(
      [
        v.text,
        z.strictObject({
          path: v.text.default('/health').describe('Path that is asked'),
          status: z.number().int().min(100).max(599).default(200).describe('HTTP status that means ready'),
          field: v.text
            .optional()
            .describe('Field of the JSON answer that must equal `equals`, as in status'),
          equals: z
            .union([v.text, z.number(), z.boolean()])
            .optional()
            .describe('Value that `field` must have'),
          log: v.text.optional().describe('Regular expression that a line of the log must match'),
        }),
      ],
      { error: 'expected a path, as in /health, or keys and values' },
    )
    .transform((written) => (typeof written === 'string' ? { path: written, status: 200 } : written))

  const environment = z.record(z.string(), v.word).prefault({})

  const deployment = (run: string[]) =>
    z
      .strictObject({
        run: v.command.prefault(run).describe('The command that starts it'),
        env: environment.describe('Variables set for it, beside HOST, PORT, MCP_MESH_* and DATABASE_URL'),
        directory: path.default('.').describe('Where it is started'),
        port: v.port.default(0).describe('Port it gets; 0: one that is free'),
        ready: ready
          .prefault('/health')
          .describe('What means that it is ready: a path that answers 200, or more closely'),
        timeout: v.duration.prefault('30s').describe('How long it may take to be ready'),
      })
      .prefault({})

  return z
    .strictObject({
      version: z.literal(1, { error: 'expected 1' }).default(1).describe('Version of this file'),
      before: z
        .array(v.plainCommand)
        .prefault([])
        .describe(
          'Commands of the project that run before anything is built, as they stand: [[make, generate]]',
        ),
      go: z
        .strictObject({
          directory: path.default('.').describe('Folder of go.mod'),
          version: v.version.prefault('go.mod').describe('go.mod, or a version as in 1.24 or 1.24.x'),
          commands: z
            .record(v.name, path)
            .default({ registry: './cmd/mcp-mesh-registry', cli: './cmd/mcp-mesh-dev' })
            .describe('Main packages by name; `registry` and `cli` are what the placeholders stand for'),
          platforms: z
            .array(v.platform)
            .min(1, { error: 'expected at least one platform' })
            .default(['linux/amd64', 'darwin/amd64', 'darwin/arm64', 'windows/amd64'])
            .describe('GOOS/GOARCH pairs; the platform of the machine itself is always built as well'),
          output: path.default('bin').describe('Folder for the binaries, relative to go.directory'),
          cgo: v.flag.default(false).describe('Build with cgo; needs `compilers` for every foreign platform'),
          compilers: z
            .record(v.platform, v.text)
            .default({})
            .describe('C compiler by platform: { linux/arm64: zig cc -target aarch64-linux-gnu }'),
          'cgo-optional': z
            .array(v.text)
            .default([])
            .describe('Packages that are known to work without their cgo files'),
          ldflags: v.text.default('-s -w').describe('Linker flags; {version} and {commit} are filled in'),
          tags: z.array(v.text).default([]).describe('Build tags'),
          'size-limits': z
            .record(v.name, v.size)
            .prefault({})
            .describe('Largest size of a command on any platform: { registry: 40MiB }'),
          tests: z.array(v.text).default(['./...']).describe('Packages whose tests run'),
        })
        .prefault({})
        .describe('The Go programs that replace the Python registry and CLI'),
      python: z
        .strictObject({
          version: v.version.prefault('3.11').describe('Version of the interpreter'),
          packages: z
            .array(path)
            .default(PYTHON_FOLDERS)
            .describe('Folders of the packages, each with its pyproject.toml'),
          commands: z
            .array(v.command)
            .prefault([['python', 'packages/mcp_mesh_runtime/src/mcp_mesh_runtime/cli/main.py', '--help']])
            .describe('Commands of the reference that must work'),
          tests: z
            .union(
              [
                z.array(path),
                z.strictObject({
                  paths: z.array(path).default(PYTHON_FOLDERS).describe('Folders that pytest runs in'),
                  minimum: v.count.optional().describe('The least number of tests that must run'),
                }),
              ],
              { error: 'expected a list of folders, or paths and minimum' },
            )
            .prefault(PYTHON_FOLDERS)
            .transform((written) =>
              Array.isArray(written)
                ? { paths: written, minimum: undefined }
                : { minimum: undefined, ...written },
            )
            .describe('Folders that pytest runs in: a list, or { paths, minimum }'),
        })
        .prefault({})
        .describe('The Python reference'),
      preserve: z
        .strictObject({
          paths: z
            .array(plain)
            .min(1, { error: 'expected at least one path' })
            .default(['packages'])
            .describe('What may not be deleted'),
          frozen: z
            .array(plain)
            .default(['packages/mcp_mesh_runtime/src/mcp_mesh_runtime/decorators'])
            .describe('What may not even be changed'),
          baseline: path.default('mesh.baseline').describe('File with what there was'),
          exceptions: z
            .array(
              z.strictObject({
                path: path.describe('Path or glob'),
                change: z
                  .enum(['deleted', 'emptied', 'moved', 'modified', 'mode', 'tests'])
                  .describe(
                    'What may become of it; mode: made executable or not; tests: some are gone or do not run',
                  ),
                reason: v.words.describe('Why it has to change'),
                owner: v.words.describe('Who answers for it'),
                expires: z.iso
                  .date({ error: 'expected a date, as in 2026-12-31' })
                  .describe('Last day on which it holds, as in 2026-12-31; at most 90 days ahead'),
              }),
            )
            .default([])
            .describe('Changes that were agreed on, each with its reason, owner and last day'),
        })
        .prefault({})
        .describe('The guard over the Python code'),
      deployments: z
        .strictObject({
          standalone: deployment(['{registry}']),
          embedded: deployment(['{cli}', 'start', '--registry-only']),
          reference: deployment(['python', '-m', 'mcp_mesh_runtime.server.registry_server']),
        })
        .prefault({})
        .describe('The ways to start a registry'),
      integration: z
        .strictObject({
          agents: z
            .array(
              z.strictObject({
                name: v.name.describe('What checks, calls and logs call it'),
                run: v.command.describe('The command that starts it, in the folder of the project'),
                registers: z
                  .array(v.text)
                  .min(1, { error: 'expected at least one name' })
                  .describe('Names that the registry must know it by'),
                env: environment.describe(
                  'Variables set for it, beside HOST, PORT and MCP_MESH_REGISTRY_URL',
                ),
              }),
            )
            .prefault([
              {
                name: 'hello-world',
                run: ['python', 'examples/hello_world.py'],
                registers: ['hello-world-demo'],
              },
            ])
            .describe('Python agents and the names they register under'),
          calls: z
            .array(
              z.strictObject({
                agent: v.name.describe('Agent that is called: a name of integration.agents'),
                tool: v.text.describe('Tool of it that is called'),
                arguments: z.record(z.string(), z.unknown()).default({}).describe('What the tool is given'),
                contains: v.text.describe('What the answer must contain'),
                stopped: z.array(v.name).default([]).describe('Agents that are stopped before the call'),
              }),
            )
            .default([])
            .describe('MCP calls to agents'),
          scripts: z
            .array(v.command)
            .prefault([])
            .describe("The project's own tests, run with MCP_MESH_REGISTRY_URL set"),
        })
        .prefault({})
        .describe(
          'Python agents on the Go registry, whose GET /agents tells last_seen, health_interval and degraded_after of each',
        ),
      parity: z
        .strictObject({
          sequences: z
            .array(path)
            .default(['test/parity/*.yml'])
            .describe('Files with sequences of requests'),
          'known-differences': z
            .array(
              z.strictObject({
                where: v.text.describe('Request, or field of an answer, that differs'),
                reason: v.text.min(1).describe('Why it may'),
              }),
            )
            .default([])
            .describe('Differences that were agreed on'),
        })
        .prefault({})
        .describe('The Go registry against the Python reference'),
      docker: z
        .strictObject({
          images: z
            .record(
              v.name,
              z.strictObject({
                file: path.optional().describe('Dockerfile'),
                image: v.text
                  .optional()
                  .describe(
                    'An image that exists already, instead of `file`: its name, or a tar of the project',
                  ),
                context: path.default('.').describe('Build context'),
                target: v.text.optional().describe('Stage of the Dockerfile that is built; default the last'),
                'build-args': z
                  .record(z.string(), v.text)
                  .default({})
                  .describe('Values of its ARG instructions, by name'),
                platform: v.platform
                  .optional()
                  .describe("Platform that it is built for; default the engine's own"),
                'size-limit': v.size.optional().describe('Largest sum of its uncompressed layers'),
                port: v.port
                  .min(1, { error: 'expected a port from 1 to 65535' })
                  .optional()
                  .describe('Port it listens on'),
                ready: ready.optional().describe('What means that it is ready'),
                timeout: v.duration.prefault('30s').describe('How long it may take to be ready'),
                'memory-limit': v.size.prefault('512MiB').describe('Memory that its container gets'),
                integration: v.flag
                  .default(false)
                  .describe('Whether the agents of integration.agents register with it'),
                commands: z.array(v.command).prefault([]).describe('Commands that must work inside'),
              }),
            )
            .prefault({
              registry: {
                file: 'docker/registry.Dockerfile',
                'size-limit': '50MiB',
                port: 8080,
                ready: '/health',
              },
              cli: { file: 'docker/cli.Dockerfile' },
            })
            .describe('Images by name'),
        })
        .prefault({})
        .describe('The images'),
      load: z
        .strictObject({
          agents: v.count.default(50).describe('Agents that register at once'),
          requests: v.count.default(1000).describe('Requests of the throughput test'),
          gates: z
            .strictObject({
              speedup: v.ratio.prefault(10).describe('Least throughput, in multiples of the reference'),
              'memory-ratio': v.ratio.prefault(0.5).describe('Most memory, as a part of the reference'),
              'memory-limit': v.size.prefault('50MiB').describe('Most memory under load'),
            })
            .prefault({})
            .describe('What the Go registry must reach'),
        })
        .prefault({})
        .describe('Load and memory'),
    })
    .describe('mesh.yml: what mesh-actions needs to know of a project')
}

type MeshSchema = ReturnType<typeof meshSchema>

/** mesh.yml read: every key there, durations in milliseconds, sizes in bytes. */
export type MeshConfig = z.output<MeshSchema>

import { action, input, output } from '../platform/declare.ts'
import { withNetrc } from '../platform/netrc.ts'
import { type Saveable, saveSlices } from '../stages/setup-mesh-toolchain/caches/save.ts'
import { setupToolchain } from '../stages/setup-mesh-toolchain/index.ts'
import { BUILD_CACHES } from './build-caches.ts'
import { skipInput } from './skip-input.ts'

/** A cache service that is slow holds up the end of a job for at most this long. */
const SAVE_LIMIT_MS = 60_000

/** Puts Go, Python, the project's packages and the caches in place for the steps that follow. */
export default action({
  title: 'Set up the mesh toolchain',
  description: "Finds or fetches Go and Python, restores caches, and installs the project's Python packages",
  stage: 'setup-mesh-toolchain',
  uploads: 'red',
  inputs: {
    goVersion: input.text('go.mod, stable, or a version as in 1.24, 1.24.x, 1.24.5', {
      overrides: ['go', 'version'],
    }),
    pythonVersion: input.text('A version as in 3.11 or 3.11.7; default that of mesh.yml or .python-version', {
      overrides: ['python', 'version'],
    }),
    go: input.flag('Sets Go up', { default: 'true' }),
    python: input.flag('Sets Python up', { default: 'true' }),
    install: input.flag("Installs the project's Python packages into an environment of their own", {
      default: 'true',
    }),
    platforms: input.list('GOOS/GOARCH pairs, separated by commas', { overrides: ['go', 'platforms'] }),
    shard: input.shard('Which part of the platforms this job builds, as in 2/4; default all'),
    extraRequirements: input.list(
      'Requirements, or files of them, that are installed beside the packages, separated by commas',
    ),
    cache: input.choice(
      'auto restores and, on the default branch, saves; read only restores; off does neither',
      ['auto', 'read', 'off'],
      {
        default: 'auto',
      },
    ),
    cachePrefix: input.text('Stands before the keys of all caches; another one begins anew'),
    environment: input.variables(
      'NAME=value lines for this and every later step of the job, as in GOPROXY=https://proxy.example',
    ),
    netrc: input.netrc(
      'Content of a .netrc for private modules and packages, which are fetched with it in this step alone',
    ),
    // Every job of a pipeline begins here: after the last of them the report would be the first to say so.
    skip: skipInput(
      'Stages that the pipeline leaves out, separated by commas; a misspelt one is refused before anything is set up',
    ),
  },
  outputs: {
    goVersion: output.text('Version of Go, as in 1.25.3'),
    goPath: output.text('Absolute path of go'),
    pythonVersion: output.text('Version of Python, as in 3.11.7'),
    pythonPath: output.text('Absolute path of the interpreter'),
    venv: output.text("Folder of the environment with the project's packages"),
    cacheHits: output.json('What became of each cache: exact, prefix, none, present or failed'),
  },
  async run({ inputs, project, stage, place }) {
    Object.assign(process.env, inputs.environment)
    const setup = await withNetrc(inputs.netrc, stage.temporary, () =>
      setupToolchain(
        project,
        {
          ...inputs,
          // Later steps have no .netrc to fetch them with.
          fetchesModules: inputs.netrc !== undefined,
          places: { toolCache: place.toolCache, userCache: place.userCache, environment: process.env },
          caches:
            place.caches && inputs.cache !== 'off'
              ? {
                  store: place.caches,
                  saves: inputs.cache === 'auto' && place.savesCaches,
                  prefix: inputs.cachePrefix === undefined ? '' : `${inputs.cachePrefix}-`,
                }
              : undefined,
        },
        stage,
      ),
    )
    const { go, python, venv, caches } = setup.result.data
    return {
      result: setup.result,
      environment: {
        path: setup.path,
        variables: {
          ...inputs.environment,
          ...setup.variables,
          ...(setup.buildCaches === undefined ? {} : { [BUILD_CACHES]: setup.buildCaches }),
        },
      },
      ...(setup.saveable.length > 0 ? { state: setup.saveable } : {}),
      outputs: {
        goVersion: go?.version ?? '',
        goPath: go?.executable ?? '',
        pythonVersion: python?.version ?? '',
        pythonPath: python?.executable ?? '',
        venv: venv ?? '',
        cacheHits: Object.fromEntries(caches.map(({ name, hit }) => [name, hit])),
      },
    }
  },
  async post({ state, caches, log, signal }) {
    if (caches)
      await saveSlices(state as readonly Saveable[], caches, { log, signal, limitMs: SAVE_LIMIT_MS })
  },
})

import { ACTIONS, type ActionName, loadAction } from '../../src/actions/index.ts'
import {
  type Action,
  allInputs,
  allOutputs,
  endedVariable,
  hasPostStep,
  kebabCase,
  meaning,
} from '../../src/platform/declare.ts'
import { rootAction } from './pipeline/root-action.ts'
import { pipelineWorkflow } from './pipeline/workflow.ts'
import { rendered } from './rendered.ts'
import { REF, SUITE } from './suite.ts'

/** Every action.yml by its path: one for each action, and the composites that users know by short names. */
export async function actionFiles(): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const name of Object.keys(ACTIONS) as ActionName[]) {
    files[`actions/${name}/action.yml`] = nodeAction(name, await loadAction(name))
  }
  const setup = { name: 'setup-mesh-toolchain', declared: await loadAction('setup-mesh-toolchain') } as const
  const crossCompile = { name: 'cross-compile-go', declared: await loadAction('cross-compile-go') } as const
  files['cross-compile/action.yml'] = composite('Cross-compile', crossCompile.declared, [
    // Go alone: what builds needs no Python.
    {
      ...setup,
      fixed: { python: 'false' },
      own: ['goVersion', 'platforms', 'shard', 'cache', 'cachePrefix'],
    },
    crossCompile,
  ])
  files['action.yml'] = await rootAction()
  files['.github/workflows/mesh-pipeline.yml'] = await pipelineWorkflow()
  return files
}

function nodeAction(name: ActionName, declared: Action): string {
  return rendered(`src/actions/${name}.ts`, {
    name: `mesh-actions: ${declared.title}`,
    description: declared.description,
    author: SUITE,
    inputs: inputsOf(declared),
    outputs: mapNames(allOutputs(declared), ({ description }) => ({ description })),
    runs: {
      using: 'node24',
      main: `../../dist/${name}/index.js`,
      ...(hasPostStep(declared)
        ? { post: `../../dist/${name}/post.js`, 'post-if': postCondition(name, declared) }
        : {}),
    },
  })
}

/** Work of an action's own is for jobs that went well; what an action that was killed left running is for all. */
function postCondition(name: ActionName, { post }: Action): string {
  return post ? `success() || env.${endedVariable(name)} != 'true'` : 'always()'
}

interface Step {
  readonly name: ActionName
  readonly declared: Action
  /** Inputs that the composite decides itself. */
  readonly fixed?: Readonly<Record<string, string>>
  /** Those of its own inputs that the composite offers; default all. */
  readonly own?: readonly string[]
}

/** An action of several steps: it takes what they take, by the same names, and gives what the last of them gives. */
function composite(title: string, described: Action, steps: readonly Step[]): string {
  const offered = steps.map(({ declared, fixed = {}, own }) =>
    Object.fromEntries(
      Object.entries(inputsOf(declared)).filter(
        ([name]) =>
          !(name in fixed) &&
          (!own || !(name in mapNames(declared.inputs, () => true)) || own.map(kebabCase).includes(name)),
      ),
    ),
  )
  const last = steps.at(-1)
  if (!last) throw new Error('a composite needs a step')
  return rendered(`src/actions/${last.name}.ts`, {
    name: title,
    description: described.description,
    author: SUITE,
    branding: { icon: 'git-merge', color: 'blue' },
    inputs: Object.assign({}, ...offered),
    outputs: mapNames(allOutputs(last.declared), ({ description }, output) => ({
      description,
      value: `\${{ steps.${last.name}.outputs.${output} }}`,
    })),
    runs: {
      using: 'composite',
      steps: steps.map(({ name, fixed = {} }, index) => ({
        id: name,
        uses: `${SUITE}/actions/${name}@${REF}`,
        with: {
          ...fixed,
          ...Object.fromEntries(
            Object.keys(offered[index] ?? {}).map((input) => [input, `\${{ inputs.${input} }}`]),
          ),
        },
      })),
    },
  })
}

function inputsOf(declared: Action) {
  return mapNames(allInputs(declared), (input) => ({
    description: meaning(input),
    required: false,
    default: input.default,
  }))
}

function mapNames<V, R>(
  record: Readonly<Record<string, V>>,
  make: (value: V, name: string) => R,
): Record<string, R> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [kebabCase(key), make(value, kebabCase(key))]),
  )
}

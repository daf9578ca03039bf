import { stringify } from 'yaml'
import { ACTIONS, type ActionName, loadAction } from '../../src/actions/index.ts'
import { type Action, allInputs, allOutputs, kebabCase } from '../../src/platform/declare.ts'
import { REF, SUITE } from './suite.ts'

/** Every action.yml by its path: one for each action, and the composites that users know by short names. */
export async function actionFiles(): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const name of Object.keys(ACTIONS) as ActionName[]) {
    files[`actions/${name}/action.yml`] = nodeAction(name, await loadAction(name))
  }
  const crossCompile = await loadAction('cross-compile-go')
  files['cross-compile/action.yml'] = composite('Cross-compile', crossCompile, 'cross-compile-go')
  files['action.yml'] = composite('mesh-actions', crossCompile, 'cross-compile-go')
  return files
}

function nodeAction(name: ActionName, declared: Action): string {
  return render(`src/actions/${name}.ts`, {
    name: `mesh-actions: ${declared.title}`,
    description: declared.description,
    author: SUITE,
    inputs: inputsOf(declared),
    outputs: mapNames(allOutputs(declared), ({ description }) => ({ description })),
    runs: {
      using: 'node24',
      main: `../../dist/${name}/index.js`,
      ...(declared.post ? { post: `../../dist/${name}/post.js`, 'post-if': 'success()' } : {}),
    },
  })
}

/** An action that hands all its inputs to another one, by the same names. */
function composite(title: string, declared: Action, name: ActionName): string {
  const inputs = inputsOf(declared)
  return render(`src/actions/${name}.ts`, {
    name: title,
    description: declared.description,
    author: SUITE,
    branding: { icon: 'git-merge', color: 'blue' },
    inputs,
    outputs: mapNames(allOutputs(declared), ({ description }, output) => ({
      description,
      value: `\${{ steps.${name}.outputs.${output} }}`,
    })),
    runs: {
      using: 'composite',
      steps: [
        {
          id: name,
          uses: `${SUITE}/actions/${name}@${REF}`,
          with: Object.fromEntries(Object.keys(inputs).map((input) => [input, `\${{ inputs.${input} }}`])),
        },
      ],
    },
  })
}

function inputsOf(declared: Action) {
  return mapNames(allInputs(declared), (input) => ({
    description: input.description,
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

function render(source: string, content: object): string {
  return `# Made by "npm run generate" from ${source}; edit that instead.\n${stringify(content, { lineWidth: 110 })}`
}

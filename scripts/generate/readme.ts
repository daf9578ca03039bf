import { ACTIONS, type ActionName, loadAction } from '../../src/actions/index.ts'
import { type Action, allInputs, allOutputs, kebabCase, meaning } from '../../src/platform/declare.ts'
import { table } from '../../src/result/markdown.ts'
import { betweenMarks } from './marked.ts'
import { NETRC, outputDescription, PIPELINE_INPUTS, PIPELINE_OUTPUTS } from './pipeline/inputs.ts'

/** The README with the text between its `<!-- generated: <action> -->` marks made anew. */
export async function inputTables(readme: string): Promise<string> {
  let text = betweenMarks(readme, 'pipeline', pipelineTables())
  for (const name of Object.keys(ACTIONS) as ActionName[]) {
    text = betweenMarks(text, name, tables(await loadAction(name)))
  }
  return text
}

function pipelineTables(): string {
  const inputs = Object.entries(PIPELINE_INPUTS).map(([name, input]) => [
    `\`${name}\``,
    input.default === '' ? '' : `\`${input.default}\``,
    `${input.description}${input.ofJobs ? ' (the workflow alone)' : ''}`,
  ])
  const outputs = PIPELINE_OUTPUTS.map((name) => [`\`${name}\``, outputDescription(name)])
  return [
    table(['input', 'default', 'meaning'], inputs),
    `Secret \`netrc\` (of the root action an input): ${NETRC.description}`,
    table(['output', 'meaning'], outputs),
  ].join('\n\n')
}

function tables(declared: Action): string {
  const inputs = Object.entries(allInputs(declared)).map(([name, input]) => [
    `\`${kebabCase(name)}\``,
    input.default === '' ? '' : `\`${input.default}\``,
    meaning(input),
  ])
  const outputs = Object.entries(allOutputs(declared)).map(([name, { description }]) => [
    `\`${kebabCase(name)}\``,
    description,
  ])
  return [table(['input', 'default', 'meaning'], inputs), table(['output', 'meaning'], outputs)].join('\n\n')
}

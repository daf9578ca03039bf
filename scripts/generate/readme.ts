import { ACTIONS, type ActionName, loadAction } from '../../src/actions/index.ts'
import { type Action, allInputs, allOutputs, kebabCase } from '../../src/platform/declare.ts'
import { table } from '../../src/result/markdown.ts'
import { betweenMarks } from './marked.ts'

/** The README with the text between its `<!-- generated: <action> -->` marks made anew. */
export async function inputTables(readme: string): Promise<string> {
  let text = readme
  for (const name of Object.keys(ACTIONS) as ActionName[]) {
    text = betweenMarks(text, name, tables(await loadAction(name)))
  }
  return text
}

function tables(declared: Action): string {
  const inputs = Object.entries(allInputs(declared)).map(([name, input]) => [
    `\`${kebabCase(name)}\``,
    input.default === '' ? '' : `\`${input.default}\``,
    `${input.description}${input.overrides ? ` (overrides \`${input.overrides.join('.')}\`)` : ''}`,
  ])
  const outputs = Object.entries(allOutputs(declared)).map(([name, { description }]) => [
    `\`${kebabCase(name)}\``,
    description,
  ])
  return [table(['input', 'default', 'meaning'], inputs), table(['output', 'meaning'], outputs)].join('\n\n')
}

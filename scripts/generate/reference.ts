import { stringify } from 'yaml'
import { table } from '../../src/result/markdown.ts'
import { meshJsonSchema } from './schemas.ts'

interface Node {
  readonly type?: string | string[]
  readonly description?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node | boolean
  readonly items?: Node
  readonly anyOf?: readonly Node[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
}

/** docs/mesh-yml.md: every key of the project file with its type, default and meaning. */
export function meshReference(): string {
  const root = meshJsonSchema() as Node
  const sections = Object.entries(root.properties ?? {}).map(([key, node]) => {
    const rows = rowsOf(key, node)
    return [`## ${key}`, node.description ?? '', table(['key', 'type', 'default', 'meaning'], rows)].join(
      '\n\n',
    )
  })
  return `${[
    '<!-- Made by "npm run generate" from src/project/schema.ts; edit that instead. -->',
    '# mesh.yml',
    'The project file. It is optional, and so is every key: the defaults are the layout of the sample mesh. In an editor `# yaml-language-server: $schema=…/schema/mesh.schema.json` as the first line gives completion.',
    'Commands are lists of arguments and never go through a shell. Durations and sizes carry their unit (`30s`, `50MB`, `50MiB`). Paths are relative and stay inside the project. `<name>` stands for a name of your own.',
    'In the commands of `deployments` and `integration`, `{registry}` and `{cli}` stand for the binaries of those names in `go.commands`, `{port}` and `{url}` for the address of the registry, and `{python}`, there and in `python.commands`, for the interpreter with the packages.',
    ...sections,
  ].join('\n\n')}\n`
}

function rowsOf(path: string, node: Node): string[][] {
  const object = node.properties ? node : node.anyOf?.find((one) => one.properties)
  const rows: string[][] = []
  if (object !== node || !node.properties) {
    rows.push([`\`${path}\``, cell(typeOf(node)), cell(defaultOf(node)), cell(node.description ?? '')])
  }
  for (const [key, child] of Object.entries(object?.properties ?? {}))
    rows.push(...rowsOf(`${path}.${key}`, child))
  if (typeof node.additionalProperties === 'object' && node.additionalProperties.properties) {
    rows.push(...rowsOf(`${path}.<name>`, node.additionalProperties))
  }
  if (node.items?.properties) rows.push(...rowsOf(`${path}[]`, node.items))
  return rows
}

function typeOf(node: Node): string {
  if (node.const !== undefined) return JSON.stringify(node.const)
  if (node.enum) return node.enum.join(', ')
  if (node.anyOf) return [...new Set(node.anyOf.map(typeOf))].join(' or ')
  if (node.type === 'array') return `list of ${typeOf(node.items ?? {})}`
  if (node.type === 'object' && typeof node.additionalProperties === 'object') {
    return `${typeOf(node.additionalProperties)} by name`
  }
  if (typeof node.type === 'object') return node.type.join(' or ')
  return node.type === 'object' ? 'keys' : (node.type ?? 'anything')
}

function defaultOf(node: Node): string {
  return node.default === undefined
    ? ''
    : `\`${stringify(node.default, { collectionStyle: 'flow', lineWidth: 0 }).trim()}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\s+/g, ' ')
}

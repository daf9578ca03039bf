import { stringify } from 'yaml'

/** A file of YAML with a line at its head that says what it is made from. */
export function rendered(source: string, content: object): string {
  return `# Made by "npm run generate" from ${source}; edit that instead.\n${stringify(content, { lineWidth: 0 })}`
}

// Not within `new URL` itself, where the bundler would take it for a file to carry along.
const HERE = import.meta.url

/** What main.ts offers to processes of the suite's own: each takes one text. */
type OwnProgram = 'cacheClient'

/**
 * The command that runs a function of main.ts in a process of its own, which can be ended when this one cannot stop
 * what a library does. From the sources as from the bundle, whose chunks lie side by side.
 */
export function ownProcess(program: OwnProgram, text: string): readonly string[] {
  const main = new URL(HERE.endsWith('.ts') ? '../main.ts' : 'index.js', HERE)
  const code = `import { ${program} } from ${JSON.stringify(main.href)}; await ${program}(process.argv[1])`
  return [process.execPath, '--input-type=module', '--eval', code, '--', text]
}

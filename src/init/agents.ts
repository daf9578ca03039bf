import { posix } from 'node:path'
import { isUnder, type Listing } from './listing.ts'
import type { PythonPackage } from './python-packages.ts'

/** A Python program that registers, as integration.agents has it. */
export interface FoundAgent {
  readonly name: string
  readonly run: readonly string[]
  readonly registers: readonly string[]
}

/** The programs that use the decorator or serve a mesh's functions; not the packages' own modules, and no tests. */
export async function findAgents(
  listing: Listing,
  packages: readonly PythonPackage[],
): Promise<readonly FoundAgent[]> {
  const own = packages.flatMap(({ root, imports }) => imports.map((name) => posix.join(root, name)))
  const programs = listing.files.filter(
    (file) =>
      file.endsWith('.py') &&
      !own.some((folder) => isUnder(file, folder)) &&
      !/(^|\/)(tests?\/|test_|conftest\.py$|setup\.py$)|_test\.py$/.test(file),
  )
  const agents: FoundAgent[] = []
  for (const file of programs) {
    const text = await listing.read(file)
    if (!usesTheMesh(text)) continue
    const stem = posix.basename(file, '.py')
    const name = stem.replaceAll('_', '-')
    const isTaken = agents.some((agent) => agent.name === name)
    agents.push({
      name: isTaken ? file.replace(/\.py$/, '').replace(/[^A-Za-z0-9.]+/g, '-') : name,
      run: ['python', file],
      registers: [registeredName(text) ?? name],
    })
  }
  return agents
}

function usesTheMesh(text: string): boolean {
  const isAgent = /^\s*@(\w+\.)?mesh_agent\b/m.test(text)
  const serves = /^(from|import) \w*mesh\w*/m.test(text) && /^\s*serve\(/m.test(text)
  // A module that only declares functions is started by another one.
  return serves || (isAgent && /^if __name__ ==/m.test(text))
}

/** The name that a program gives its server, or its agent; undefined where it is not written out. */
function registeredName(text: string): string | undefined {
  return (
    /\bagent_name\s*=\s*["']([^"'{}]+)["']/.exec(text)?.[1] ??
    /\b(?:MCPServer|FastMCP)(?:\[\w+\])?\(\s*(?:name\s*=\s*)?["']([^"'{}]+)["']/.exec(text)?.[1]
  )
}

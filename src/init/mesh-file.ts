import { isDeepStrictEqual } from 'node:util'
import { Document, isScalar, isSeq, visit } from 'yaml'
import { type MeshConfig, readConfig } from '../project/load.ts'
import { PROJECT_FILE } from '../project/project-file.ts'
import type { ImageEntry } from './images.ts'
import type { Survey } from './survey.ts'

type Section = Readonly<Record<string, unknown>>

/**
 * The text of a mesh.yml that says of a project what the defaults do not, with the address of its JSON Schema for
 * editors. Undefined when the defaults say it all.
 */
export function meshFile(
  found: Survey,
  images: Readonly<Record<string, ImageEntry>>,
  schema: string,
): string | undefined {
  const different = withoutDefaults(described(found, images))
  if (Object.keys(different).length === 0) return undefined
  const document = new Document({ version: 1, ...different })
  visit(document, {
    Seq(_, list) {
      // Commands and paths stand on one line, as people write them.
      list.flow = list.items.every((item) => isScalar(item) || (isSeq(item) && item.items.every(isScalar)))
    },
  })
  const text = document.toString({ lineWidth: 110, flowCollectionPadding: false })
  return `# yaml-language-server: $schema=${schema}\n${text}`
}

/** Whether two texts of a mesh.yml say the same, however they are written; false for one that is not valid. */
export function saysTheSame(one: string, other: string): boolean {
  try {
    return isDeepStrictEqual(readConfig(PROJECT_FILE, one), readConfig(PROJECT_FILE, other))
  } catch {
    return false
  }
}

/** Everything that was seen, in the words of mesh.yml; what was not seen is not spoken of. */
function described(found: Survey, images: Readonly<Record<string, ImageEntry>>): Record<string, Section> {
  const { go, packages } = found
  const sections: Record<string, Section> = {}
  if (go) {
    const hasCommands = Object.keys(go.commands).length > 0
    sections.go = { directory: go.directory, ...(hasCommands ? { commands: go.commands } : {}) }
  }
  if (packages.length > 0) {
    sections.python = {
      packages: packages.map(({ path }) => path),
      commands: found.referenceCommand ? [found.referenceCommand] : [],
      tests: packages.filter(({ hasTests }) => hasTests).map(({ path }) => path),
    }
    sections.preserve = { paths: found.preserved, frozen: found.frozen }
    if (found.referenceRegistry) sections.deployments = { reference: { run: found.referenceRegistry } }
  } else {
    sections.python = { packages: [], commands: [], tests: [] }
  }
  sections.integration = { agents: found.agents }
  if (go) sections.docker = { images }
  return sections
}

/** The keys whose values mean something else than the defaults. */
function withoutDefaults(sections: Readonly<Record<string, Section>>): Record<string, Section> {
  const defaults = readConfig(PROJECT_FILE, '')
  const different = Object.entries(sections).flatMap(([name, section]): [string, Section][] => {
    const keys = Object.entries(section).filter(([key, value]) => {
      const read = readConfig(PROJECT_FILE, JSON.stringify({ [name]: { [key]: value } }))
      return !isDeepStrictEqual(valueAt(read, name, key), valueAt(defaults, name, key))
    })
    return keys.length > 0 ? [[name, Object.fromEntries(keys)]] : []
  })
  return Object.fromEntries(different)
}

function valueAt(config: MeshConfig, section: string, key: string): unknown {
  return (config as unknown as Readonly<Record<string, Section>>)[section]?.[key]
}

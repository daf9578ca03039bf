import { type FoundAgent, findAgents } from './agents.ts'
import { findGoModule, type GoModule } from './go-module.ts'
import { type Listing, listFolder } from './listing.ts'
import {
  decoratorPaths,
  findPythonPackages,
  type PythonPackage,
  preservedPaths,
  referenceCommand,
  referenceRegistry,
} from './python-packages.ts'

/** What a repository has of a mesh. */
export interface Survey {
  readonly listing: Listing
  readonly go: GoModule | undefined
  readonly packages: readonly PythonPackage[]
  readonly preserved: readonly string[]
  readonly frozen: readonly string[]
  readonly referenceCommand: readonly string[] | undefined
  readonly referenceRegistry: readonly string[] | undefined
  readonly agents: readonly FoundAgent[]
  /** Dockerfiles, relative to the project. */
  readonly dockerfiles: readonly string[]
}

/** Looks at a folder (absolute); changes nothing in it and runs nothing of it. */
export async function survey(directory: string, signal: AbortSignal): Promise<Survey> {
  const listing = await listFolder(directory, signal)
  const packages = await findPythonPackages(listing)
  return {
    listing,
    go: await findGoModule(listing),
    packages,
    preserved: preservedPaths(packages, listing),
    frozen: await decoratorPaths(packages, listing),
    referenceCommand: referenceCommand(packages, listing),
    referenceRegistry: referenceRegistry(packages, listing),
    agents: await findAgents(listing, packages),
    dockerfiles: listing.files.filter((file) =>
      /(^|\/)(Dockerfile(\.(?!dockerignore$)\w+)?|[^/]+\.Dockerfile)$/.test(file),
    ),
  }
}

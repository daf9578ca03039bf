import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, posix, resolve } from 'node:path'
import { difference, lineCount } from '../init/difference.ts'
import { type PlannedFile, plan } from '../init/plan.ts'
import { type Survey, survey } from '../init/survey.ts'
import { writePlanned } from '../init/write.ts'
import { interruption } from '../platform/interruption.ts'
import { MAJOR_TAG, SUITE, suiteFolder } from '../platform/suite.ts'
import { neutralise } from '../process/neutralise.ts'
import { pasteable } from '../process/paste.ts'
import { loadProject, type MeshConfig } from '../project/load.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import { baseline } from './baseline.ts'

/** Where editors get the JSON Schema of mesh.yml from. */
const SCHEMA = `https://raw.githubusercontent.com/${SUITE}/${MAJOR_TAG}/schema/mesh.schema.json`

const say = (line: string) => process.stdout.write(`${line}\n`)

/**
 * Writes what a repository needs to be a project of the suite, showing it first; the exit code. Files that differ stay
 * as they are without `force`. Throws a ConfigurationError for a folder that is no project.
 */
export async function initialise(
  project: string,
  options: { readonly dryRun: boolean; readonly force: boolean },
): Promise<number> {
  const directory = resolve(project)
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ConfigurationError(`no folder ${project}`)
  }
  const signal = interruption()
  const found = await survey(directory, signal)
  const template = join(suiteFolder(), 'workflows-templates', 'mesh-pipeline.yml')
  const { files, config } = await plan(found, {
    template: readFileSync(template, 'utf8'),
    schema: SCHEMA,
    force: options.force,
  })
  say(`found ${summary(found)}`)
  for (const line of files.flatMap(shown)) say(line)
  const writable = files.filter(({ state }) => state === 'new' || (state === 'differs' && options.force))
  const kept = files.filter(({ state }) => state === 'differs' && !options.force)
  const missing = found.packages.length > 0 && !existsSync(join(directory, config.preserve.baseline))
  if (missing) say(`new: ${config.preserve.baseline} (what the Python reference is held to)`)
  const questions = (await openQuestions(found, config)).map((line) => `note: ${line}`)
  if (options.dryRun) {
    for (const line of questions) say(line)
    say('a dry run: nothing is written')
    return 0
  }
  for (const file of writable) {
    signal.throwIfAborted()
    await writePlanned(directory, file)
    say(`written: ${file.path}`)
  }
  for (const { path } of kept)
    say(`kept as it is: ${path} (remove it to have it written anew; --force overwrites all that differ)`)
  // Whatever was written or kept must be what the other commands can read.
  loadProject({ directory })
  if (missing) await takeBaselineOf(project, found, config)
  else if (writable.length + kept.length === 0) say('all is there already: nothing is written')
  // Last: the tests of the reference may have said much.
  for (const line of questions) say(line)
  return 0
}

function summary({ go, packages, agents, dockerfiles }: Survey): string {
  const commands = Object.entries(go?.commands ?? {}).map(([name, path]) => `${name} ${path}`)
  const list = (words: readonly string[]) => (words.length > 0 ? ` (${words.join(', ')})` : '')
  return [
    go ? `Go module ${go.module}${list(commands)}` : 'no Go module',
    `Python packages: ${packages.map(({ path }) => path).join(', ') || 'none'}`,
    `agents: ${agents.map(({ name }) => name).join(', ') || 'none'}`,
    `Dockerfiles: ${dockerfiles.join(', ') || 'none'}`,
  ].join('; ')
}

function shown({ path, text, before, state }: PlannedFile): readonly string[] {
  switch (state) {
    case 'new':
      return [`new: ${path} (${lineCount(text)} lines)`]
    case 'same':
      return [`there already: ${path}`]
    case 'differs': {
      const lines = [`--- ${path}`, `+++ ${path} as init writes it`, ...difference(before ?? '', text)]
      // A file's lines may hold anything.
      return [`differs: ${path}`, ...lines.map(neutralise)]
    }
    default:
      return state satisfies never
  }
}

/** What a person knows and the files do not say. */
async function openQuestions(
  { go, packages, agents, listing }: Survey,
  config: MeshConfig,
): Promise<readonly string[]> {
  const { commands, directory, output } = config.go
  const binaries = posix.join(directory, output, '/')
  return [
    ...(go && !(await listing.ignores(binaries))
      ? [`git does not ignore ${binaries}, where binaries are built; name it in .gitignore`]
      : []),
    ...(go ? [] : ['there is no go.mod yet; run init again when there is']),
    ...(go && !('registry' in commands)
      ? ['which command is the registry? call it go.commands.registry']
      : []),
    ...(go && !('cli' in commands) ? ['which command is the CLI? call it go.commands.cli'] : []),
    ...(packages.length === 0 ? ['there is no Python package: nothing is preserved'] : []),
    ...(agents.length === 0 && config.integration.agents.length === 0
      ? ['no Python program uses the mesh; name agents in integration.agents']
      : []),
  ]
}

/** Takes the baseline, as `mesh-actions baseline` does; where that cannot be done now, says how to do it later. */
async function takeBaselineOf(project: string, found: Survey, config: MeshConfig): Promise<void> {
  const later = pasteable(['mesh-actions', 'baseline', ...(project === '.' ? [] : ['--project', project])])
  const { tracked } = found.listing
  const untracked = config.preserve.paths.find(
    (path) => ![...tracked].some((file) => file === path || file.startsWith(`${posix.normalize(path)}/`)),
  )
  if (untracked !== undefined) {
    say(
      `not written: ${config.preserve.baseline}: git tracks nothing under ${untracked}; add it, then ${later}`,
    )
    return
  }
  try {
    if ((await baseline({ project })) === 0) return
    say(`not written: ${config.preserve.baseline}; when that is mended: ${later}`)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    say(`not written: ${config.preserve.baseline}: ${error.oneLine}; then: ${later}`)
  }
}

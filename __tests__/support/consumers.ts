import { execFileSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { act, actHome, jobResults } from './act.ts'
import { testImages } from './docker.ts'
import { reportOf } from './pipeline-run.ts'
import { commitAll, copySample, plant } from './sample.ts'
import { sampleImages } from './sample-images.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Where a consumer's workflow lies. */
export const WORKFLOW = '.github/workflows/mesh.yml'

/** Repositories that use the suite: copies of the sample, with images that can be built without a network. */
export async function openConsumers() {
  const folder = await temporaryFolder()
  const images = testImages()
  const pristine = join(folder.path, 'pristine')
  copySample(pristine)
  const specs = await sampleImages(images)
  appendFileSync(join(pristine, 'mesh.yml'), `docker: ${JSON.stringify({ images: specs })}\n`)
  // For faults that are not about images one of them is enough.
  plant(pristine, 'one-image.yml', `docker: ${JSON.stringify({ images: { registry: specs.registry } })}\n`)
  commitAll(pristine)
  const home = actHome(folder.path)
  let copies = 0
  return {
    /** A new one, with the text of its workflow. */
    make(workflow: string): string {
      const project = join(folder.path, `consumer-${++copies}`)
      execFileSync('cp', ['-a', pristine, project])
      plant(project, WORKFLOW, workflow)
      return project
    },
    /** Commits what a consumer has and runs its workflow under act; what its report says. */
    async run(project: string, event = 'push') {
      commitAll(project)
      const ended = await act(home, project, { workflow: WORKFLOW, event, cacheServer: false })
      return { code: ended.code, jobs: jobResults(ended), ...reportOf(ended) }
    },
    async [Symbol.asyncDispose]() {
      await images[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

import { ConfigurationError } from '../../result/configuration-error.ts'
import { type Artifacts, nameTaken } from './artifacts.ts'

/** Artifacts of a run on github.com, through the service that the runner hands to actions. */
export function serviceArtifacts(attempt: number): Artifacts {
  return {
    async upload(name, files, root, { retentionDays } = {}) {
      const service = await client()
      // A name can be used once in a run, over attempts too.
      if (attempt > 1 && (await names()).includes(name)) await service.deleteArtifact(name)
      try {
        await service.uploadArtifact(name, [...files], root, {
          compressionLevel: 6,
          ...(retentionDays === undefined ? {} : { retentionDays }),
        })
      } catch (error) {
        if (!String(error).includes('Failed request: (409)')) {
          // The service, the network or the quota: nothing that a stack would explain.
          throw new ConfigurationError(`cannot upload the artifact ${name}: ${String(error)}`)
        }
        throw nameTaken(name)
      }
      return true
    },
    list: names,
    async download(name, folder) {
      const service = await client()
      const listed = (await service.listArtifacts({ latest: true })).artifacts.find(
        (one) => one.name === name,
      )
      if (!listed) throw new ConfigurationError(`this run has no artifact ${name}`)
      const { digestMismatch } = await service.downloadArtifact(listed.id, {
        path: folder,
        ...(listed.digest ? { expectedHash: listed.digest } : {}),
      })
      if (digestMismatch)
        throw new ConfigurationError(`the artifact ${name} arrived damaged: its hash is another`)
    },
  }
}

async function names(): Promise<readonly string[]> {
  return (await (await client()).listArtifacts({ latest: true })).artifacts.map((one) => one.name)
}

/** Loaded where it is used: the client takes longer to start than a whole action. */
async function client() {
  return new (await import('@actions/artifact')).DefaultArtifactClient()
}

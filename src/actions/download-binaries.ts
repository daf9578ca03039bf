import { posix } from 'node:path'
import { action, output } from '../platform/declare.ts'
import { fetchBinaries } from './binaries.ts'
import { binariesOutput } from './binaries-output.ts'

/** For jobs of the user's own that need the binaries: plain downloads lose the executable bit and check nothing. */
export default action({
  title: 'Download Go binaries',
  description:
    'Fetches what cross-compile-go built in an earlier job of this run, checked and executable again',
  inputs: {},
  outputs: {
    binaries: output.json('Path, platform, size in bytes and SHA-256 of each binary'),
  },
  async run(context) {
    const { binaries } = await fetchBinaries(context)
    const { directory, output: folder } = context.project.config.go
    context.stage.log.info(`${binaries.length} binaries of commit ${context.stage.commit} are in ${folder}`)
    return { outputs: { binaries: binariesOutput(posix.join(directory, folder), binaries) } }
  },
})

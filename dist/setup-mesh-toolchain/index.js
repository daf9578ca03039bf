import { run } from '../suite/index.js'

await run('setup-mesh-toolchain')

import { post } from '../suite/index.js'

await post('setup-mesh-toolchain')

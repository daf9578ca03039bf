import { run } from '../suite/index.js'

await run('cross-compile-go')

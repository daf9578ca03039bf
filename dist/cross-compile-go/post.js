import { post } from '../suite/index.js'

await post('cross-compile-go')

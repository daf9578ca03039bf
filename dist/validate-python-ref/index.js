import { run } from '../suite/index.js'

await run('validate-python-ref')

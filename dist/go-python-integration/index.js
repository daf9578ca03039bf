import { run } from '../suite/index.js'

await run('go-python-integration')

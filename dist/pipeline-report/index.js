import { run } from '../suite/index.js'

await run('pipeline-report')

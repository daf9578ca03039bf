import { post } from '../suite/index.js'

await post('docker-smoke')

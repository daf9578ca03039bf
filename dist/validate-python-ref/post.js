import { post } from '../suite/index.js'

await post('validate-python-ref')

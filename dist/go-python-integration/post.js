import { post } from '../suite/index.js'

await post('go-python-integration')

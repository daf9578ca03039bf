#!/usr/bin/env node
import { cli } from '../suite/index.js'

await cli(process.argv.slice(2))

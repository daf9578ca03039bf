import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigurationError } from '../../../result/configuration-error.ts'
import type { GoRequest } from './request.ts'
import { compareVersions, parseToolchain, parseVersion } from './version.ts'

/** A directive of go.mod that stands outside of any block. */
interface Directive {
  readonly value: string
  readonly line: number
}

/**
 * What the go.mod of a folder asks for: at least its toolchain line, else its go line.
 * Throws a ConfigurationError without go.mod, without a go line, or when a line is no version.
 */
export async function requestOfModule(directory: string): Promise<GoRequest> {
  const file = join(directory, 'go.mod')
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code
    throw new ConfigurationError(
      reason === 'ENOENT' ? `no go.mod in ${directory}` : `cannot read ${file}: ${reason}`,
      { fix: 'set go.directory to the folder that has it, or go-version to a version such as 1.24' },
    )
  }
  return readModule(text, file)
}

/** The request that the text of a go.mod makes. `file` is only named in errors. */
export function readModule(text: string, file: string): GoRequest {
  const goLine = directive(text, 'go')
  if (!goLine) {
    throw new ConfigurationError('there is no go line', {
      place: { file },
      fix: 'add one, such as go 1.24, or set go-version',
    })
  }
  const language = parseVersion(goLine.value)
  if (!language) {
    throw new ConfigurationError(`go ${goLine.value} is no version of Go`, {
      place: { file, line: goLine.line },
      fix: 'write it as in go 1.24 or go 1.24.5',
    })
  }
  const toolchainLine = directive(text, 'toolchain')
  if (!toolchainLine || toolchainLine.value === 'default') {
    return { kind: 'at-least', version: language, asked: `go ${goLine.value} of go.mod` }
  }
  const toolchain = parseToolchain(toolchainLine.value)
  if (!toolchain) {
    throw new ConfigurationError(`toolchain ${toolchainLine.value} is no version of Go`, {
      place: { file, line: toolchainLine.line },
      fix: 'write it as in toolchain go1.24.5',
    })
  }
  // Go itself ignores a toolchain line that is older than the go line.
  return compareVersions(toolchain, language) < 0
    ? { kind: 'at-least', version: language, asked: `go ${goLine.value} of go.mod` }
    : { kind: 'at-least', version: toolchain, asked: `toolchain ${toolchainLine.value} of go.mod` }
}

function directive(text: string, name: string): Directive | undefined {
  let inBlock = false
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\/\/.*/, '').trim()
    const words = line.split(/\s+/)
    if (!inBlock && words.length === 2 && words[0] === name) return { value: words[1] ?? '', line: index + 1 }
    if (line.endsWith('(')) inBlock = true
    else if (line === ')') inBlock = false
  }
  return undefined
}

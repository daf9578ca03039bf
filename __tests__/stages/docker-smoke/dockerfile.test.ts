import { describe, expect, test } from '@jest/globals'
import { compilesGo, failureIn, instructionsOf } from '../../../src/stages/docker-smoke/dockerfile.ts'

const DOCKERFILE = `# syntax=docker/dockerfile:1
ARG BASE=scratch
FROM \${BASE}
COPY registry /registry

RUN ["/registry", "-fill", "/dev/full"]
ENV HOST=0.0.0.0 \\
    # in the middle of it
    PORT=8080
COPY <<EOF /notes
FROM nothing
EOF
copy  nowhere   /nowhere
`
const INSTRUCTIONS = instructionsOf(DOCKERFILE)

test('the instructions of a Dockerfile are read with their lines, continued ones joined', () => {
  expect(INSTRUCTIONS.map(({ name, line }) => `${line} ${name}`)).toEqual([
    ...['2 ARG', '3 FROM', '4 COPY', '6 RUN', '7 ENV', '10 COPY', '13 COPY'],
  ])
  expect(INSTRUCTIONS[4]?.rest).toBe('HOST=0.0.0.0 PORT=8080')
})

test('Windows line ends and a last line without one are read as well', () => {
  expect(instructionsOf('FROM scratch\r\nUSER 1')).toEqual([
    { name: 'FROM', rest: 'scratch', line: 1 },
    { name: 'USER', rest: '1', line: 2 },
  ])
})

test('an image that compiles Go itself is known by its Dockerfile', () => {
  expect(compilesGo(instructionsOf('FROM golang:1.24\nRUN CGO_ENABLED=0 go build -o /x ./cmd/x\n'))).toBe(
    true,
  )
  expect(compilesGo(INSTRUCTIONS)).toBe(false)
})

const lines = (text: string) => text.split('\n')

describe('a build that fails is told with its cause and line', () => {
  const NO_SPACE = expect.stringMatching(/write \/dev\/full: no space left on device$/)

  test('in an instruction, by the classic builder, wherever its own words stand among the others', () => {
    const stdout = ['Step 4/7 : RUN ["/registry", "-fill", "/dev/full"]', ' ---> Running in e991fbb26d9b']
    const words = '\u001b[91m2026/11/22 22:11:57 write /dev/full: no space left on device'
    const removing = '\u001b[0mRemoving intermediate container e991fbb26d9b'
    const returned = "The command '/registry -fill /dev/full' returned a non-zero code: 1"
    for (const told of [
      [...stdout, words, removing, returned],
      [...stdout, words, returned, removing],
      [...stdout, words, returned, '\u001b[0m'],
    ]) {
      expect(failureIn(told, INSTRUCTIONS)).toEqual({ detail: NO_SPACE, line: 6 })
    }
  })

  test('in an instruction, by BuildKit', () => {
    const told = lines(`#5 [2/2] RUN ["/registry", "-fill", "/dev/full"]
#5 0.191 write /dev/full: no space left on device
#5 ERROR: process "/registry -fill /dev/full" did not complete successfully: exit code: 1
------
 > [2/2] RUN ["/registry", "-fill", "/dev/full"]:
0.191 write /dev/full: no space left on device
------
registry.Dockerfile:6
--------------------
   4 |     COPY registry /registry
   5 |
   6 | >>> RUN ["/registry", "-fill", "/dev/full"]
   7 |     ENV HOST=0.0.0.0 \\
   8 |         # in the middle of it
--------------------
ERROR: failed to solve: process "/registry -fill /dev/full" did not complete successfully: exit code: 1`)
    expect(failureIn(told, INSTRUCTIONS)).toEqual({ detail: NO_SPACE, line: 6 })
  })

  test('in an instruction, by the BuildKit of engine 20.10, which names no line', () => {
    const told = lines(`#5 [2/2] RUN ["/registry", "-fill", "/dev/full"]
#5 0.191 2026/11/22 22:11:56 write /dev/full: no space left on device
#5 ERROR: executor failed running [/registry -fill /dev/full]: exit code: 1
------
 > [2/2] RUN ["/registry", "-fill", "/dev/full"]:
0.191 2026/11/22 22:11:56 write /dev/full: no space left on device
------
ERROR: failed to solve: executor failed running [/registry -fill /dev/full]: exit code: 1`)
    expect(failureIn(told, INSTRUCTIONS)).toEqual({ detail: NO_SPACE, line: 6 })
  })

  test('when a file is missing', () => {
    const classic = ['Step 7/7 : COPY nowhere /nowhere', 'COPY failed: stat nowhere: file does not exist']
    expect(failureIn(classic, INSTRUCTIONS)).toEqual({
      detail: 'COPY failed: stat nowhere: file does not exist',
      line: 13,
    })
    const told = lines(`#5 [2/2] COPY nowhere /nowhere
#5 ERROR: "/nowhere" not found: not found
------
 > [2/2] COPY nowhere /nowhere:
------
ERROR: failed to solve: failed to compute cache key: "/nowhere" not found: not found`)
    expect(failureIn(told, INSTRUCTIONS)).toEqual({
      detail: 'failed to compute cache key: "/nowhere" not found: not found',
      line: 13,
    })
  })

  test('when its base cannot be had', () => {
    const instructions = instructionsOf('# a base\nFROM example.com/base:1\n')
    const told = lines(`#3 [internal] load metadata for example.com/base:1
#3 ERROR: failed to do request: no such host
------
 > [internal] load metadata for example.com/base:1:
------
ERROR: failed to solve: rpc error: code = Unknown desc = failed to solve with frontend dockerfile.v0: failed to create LLB definition: failed to do request: no such host`)
    const { detail, line } = failureIn(told, instructions)
    expect(detail).toMatch(/no such host$/)
    expect(line).toBe(2)
    expect(failureIn(['Step 1/2 : FROM example.com/base:1', 'no such host'], instructions)).toEqual({
      detail: 'no such host',
      line: 2,
    })
  })

  test('when an instruction is misspelt', () => {
    const classic = 'Error response from daemon: dockerfile parse error line 4: unknown instruction: COPPY'
    expect(failureIn([classic], INSTRUCTIONS)).toEqual({
      detail: 'dockerfile parse error line 4: unknown instruction: COPPY',
      line: 4,
    })
  })

  test('even when nothing was printed', () => {
    expect(failureIn([], INSTRUCTIONS)).toEqual({ detail: 'it failed', line: undefined })
  })
})

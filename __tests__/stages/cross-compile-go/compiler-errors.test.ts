import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compilerErrors } from '../../../src/stages/cross-compile-go/compiler-errors.ts'

describe('what is read from the output of go build', () => {
  test('complaints under the heading of their package, with line and column', () => {
    expect(
      compilerErrors([
        '# example.com/mesh/cmd/mcp-mesh-dev',
        'cmd/mcp-mesh-dev/main.go:7:2: undefined: missing',
        'cmd/mcp-mesh-dev/main.go:9:14: cannot use "text" (untyped string constant) as int value in assignment',
        '# example.com/mesh/internal/registry',
        'internal/registry/store.go:12:9: declared and not used: row',
      ]),
    ).toEqual([
      { file: 'cmd/mcp-mesh-dev/main.go', line: 7, column: 2, message: 'undefined: missing' },
      {
        file: 'cmd/mcp-mesh-dev/main.go',
        line: 9,
        column: 14,
        message: 'cannot use "text" (untyped string constant) as int value in assignment',
      },
      { file: 'internal/registry/store.go', line: 12, column: 9, message: 'declared and not used: row' },
    ])
  })

  test('the package at hand is written with ./, which is no part of the path', () => {
    expect(compilerErrors(['./main.go:3:1: syntax error: unexpected }'])).toEqual([
      { file: 'main.go', line: 3, column: 1, message: 'syntax error: unexpected }' },
    ])
  })

  test('what vet could not read is a complaint like any other', () => {
    expect(compilerErrors(['vet: internal/cli/list.go:20:5: undefined: tabwriter'])).toEqual([
      { file: 'internal/cli/list.go', line: 20, column: 5, message: 'undefined: tabwriter' },
    ])
  })

  test('lines that go on with a complaint, and a count of what was left out, are none of their own', () => {
    expect(
      compilerErrors([
        'internal/cli/list.go:20:24: not enough arguments in call to show',
        '\thave (string)',
        '\twant (string, int)',
        '\tinternal/cli/show.go:3:6: other declaration of show',
        'internal/cli/list.go:31:1: too many errors',
        'too many errors',
      ]).map(({ line, message }) => `${line} ${message}`),
    ).toEqual(['20 not enough arguments in call to show', '31 too many errors'])
  })

  test('an import that is nowhere has a place too, and what Go says to do about it', () => {
    expect(
      compilerErrors([
        'cmd/mcp-mesh-dev/main.go:4:2: no required module provides package github.com/spf13/cobra; to add it:',
        '\tgo get github.com/spf13/cobra',
      ]),
    ).toEqual([
      {
        file: 'cmd/mcp-mesh-dev/main.go',
        line: 4,
        column: 2,
        message:
          'no required module provides package github.com/spf13/cobra; to add it: go get github.com/spf13/cobra',
      },
    ])
  })

  test('C, headers and assembly complain in their own forms, with a column or without', () => {
    expect(
      compilerErrors([
        '# example.com/mesh/internal/native',
        "native.c: In function 'answer':",
        "native.c:3:12: error: 'missing' undeclared (first use in this function)",
        'native.h:9: error: expected declaration',
        './asm_amd64.s:4: unrecognized instruction "MOVEQ"',
        'internal/native/native.go:5:10: fatal error: sqlite3.h: No such file or directory',
        '    5 | #include "sqlite3.h"',
        '      |          ^~~~~~~~~~~',
        'compilation terminated.',
      ]).map(({ file, line, column }) => [file, line, column]),
    ).toEqual([
      ['native.c', 3, 12],
      ['native.h', 9, undefined],
      ['asm_amd64.s', 4, undefined],
      ['internal/native/native.go', 5, 10],
    ])
  })

  test('Windows paths come with forward slashes, with their drive where they have one', () => {
    expect(
      compilerErrors([
        'cmd\\mcp-mesh-dev\\main.go:7:2: undefined: missing',
        '.\\main.go:8:1: undefined: missing',
        'C:\\src\\mesh\\main.go:9:3: undefined: missing',
      ]).map(({ file, line }) => `${file} ${line}`),
    ).toEqual(['cmd/mcp-mesh-dev/main.go 7', 'main.go 8', 'C:/src/mesh/main.go 9'])
  })

  test('the same line said for two commands counts once', () => {
    const line = 'internal/shared/shared.go:3:25: cannot use 1 as string value'
    expect(compilerErrors([line, '# example.com/mesh/cmd/b', line])).toHaveLength(1)
  })

  test('a path with spaces is taken whole', () => {
    expect(compilerErrors(['my mesh/main.go:7:2: undefined: missing'])[0]?.file).toBe('my mesh/main.go')
  })

  test('output that complains about no place gives nothing', () => {
    expect(
      compilerErrors([
        '',
        '# example.com/mesh/cmd/mcp-mesh-dev',
        'go: downloading github.com/spf13/cobra v1.8.0',
        'package example.com/mesh/cmd/a: build constraints exclude all Go files in /src/cmd/a',
        '/usr/local/go/pkg/tool/linux_amd64/link: running gcc failed: exit status 1',
        'http://127.0.0.1:8080: refused',
      ]),
    ).toEqual([])
  })

  test('any complaint that Go could write is read back as it was', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/)
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('/')}.go`)
    const position = fc.integer({ min: 1, max: 100_000 })
    const message = fc.stringMatching(/^[!-~][ -~]{0,60}$/)
    fc.assert(
      fc.property(path, position, position, message, (file, line, column, text) => {
        expect(compilerErrors([`${file}:${line}:${column}: ${text}`])).toEqual([
          { file, line, column, message: text },
        ])
      }),
    )
  })
})

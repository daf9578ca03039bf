import { describe, expect, test } from '@jest/globals'
import {
  installerCause,
  installerHint,
} from '../../../../src/stages/setup-mesh-toolchain/python/installer-message.ts'

const lines = (text: string) => text.split('\n')

const BUILD = `error: Failed to build \`c @ file:///p/c\`
  cause: The build backend returned an error
  cause: Call to \`setuptools.build_meta.build_editable\` failed (exit status: 1)

         [stdout]
         running build_ext
         gcc -c x.c -o x.o

         [stderr]
         x.c:1:10: fatal error: zlib.h: No such file or directory
         compilation terminated.
         error: Command '['gcc', '-c']' returned non-zero exit status 1.

hint: This error likely indicates that you need to install a library that provides \`zlib.h\` for \`c@1\``

describe('why an installation failed, in one line', () => {
  test("is the resolver's own message, without the lines of progress before it", () => {
    const text = `Resolved 3 packages
error: No solution found when resolving dependencies
  cause: Because a depends on idna<3
         and b depends on idna>3, we can conclude that they are incompatible.`
    expect(installerCause(lines(text))).toBe(
      'No solution found when resolving dependencies: Because a depends on idna<3 and b depends on idna>3, we can conclude that they are incompatible.',
    )
  })

  test('is the same in the form that older versions of uv print', () => {
    const text = `  × No solution found when resolving dependencies:
  ╰─▶ Because only a==1 is available and a==1 depends on
      idna<3, your requirements are unsatisfiable.`
    expect(installerCause(lines(text))).toMatch(
      /^No solution found when resolving dependencies:+ Because only a==1 is available and a==1 depends on idna<3, your/,
    )
  })

  test('is the line at which a build broke, and what uv proposes', () => {
    expect(installerCause(lines(BUILD))).toBe(
      'Failed to build `c @ file:///p/c`: x.c:1:10: fatal error: zlib.h: No such file or directory',
    )
    expect(installerHint(lines(BUILD))).toBe('you need to install a library that provides `zlib.h` for `c@1`')
  })

  test('is the exception of a backend in Python', () => {
    const text = `error: Failed to build \`c\`
  cause: Call to \`hatchling.build.build_editable\` failed (exit status: 1)

         [stderr]
         Traceback (most recent call last):
           File "x.py", line 1, in <module>
         ValueError: Unable to determine which files to ship`
    expect(installerCause(lines(text))).toBe(
      'Failed to build `c`: ValueError: Unable to determine which files to ship',
    )
  })

  test('names an index that refuses', () => {
    const text = `error: No solution found when resolving dependencies
  cause: Because idna was not found in the package registry, your requirements are unsatisfiable.

hint: An index (http://127.0.0.1:1/simple) returned a 403 Forbidden error. Check the URL.`
    expect(installerCause(lines(text))).toMatch(
      /unsatisfiable\.: An index \(.*\) returned a 403 Forbidden error\./,
    )
  })

  test('of pip is its first error, with both sides of a conflict', () => {
    const text = `ERROR: Cannot install a==1 and b==1 because these package versions have conflicting dependencies.

The conflict is caused by:
    a 1 depends on idna<3
    b 1 depends on idna>3

To fix this you could try to:
ERROR: ResolutionImpossible: for help visit`
    expect(installerCause(lines(text))).toBe(
      'Cannot install a==1 and b==1 because these package versions have conflicting dependencies. a 1 depends on idna<3; b 1 depends on idna>3',
    )
  })

  test('of a build that pip ran is the line at which it broke', () => {
    const text = `  error: subprocess-exited-with-error
  × Building editable for c (pyproject.toml) did not run successfully.
  │ exit code: 1
  ╰─> [3 lines of output]
      running build_ext
      x.c:1:10: fatal error: zlib.h: No such file or directory
      error: Command '['gcc']' returned non-zero exit status 1.
      [end of output]
  ERROR: Failed building editable for c
ERROR: Could not build wheels for c`
    expect(installerCause(lines(text))).toBe(
      'Building editable for c (pyproject.toml) did not run successfully. x.c:1:10: fatal error: zlib.h: No such file or directory',
    )
  })

  test('is cut where a resolver tells a long story', () => {
    const text = `error: No solution found\n  cause: ${'Because a depends on b. '.repeat(100)}`
    expect(installerCause(lines(text))).toMatch(/^.{699}…$/)
  })

  test('is not guessed', () => {
    expect(installerCause(['Killed'])).toBeUndefined()
    expect(installerHint(['Killed'])).toBeUndefined()
  })
})

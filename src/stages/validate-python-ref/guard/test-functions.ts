import { basename } from 'node:path'
import type { BaselineTest } from './baseline-file.ts'
import { type LogicalLine, logicalLines } from './python-source.ts'

/** Whether pytest looks for tests in a file of this name, unless it is told otherwise. */
export function isTestFile(path: string): boolean {
  return /^(test_.*|.*_test)\.py$/.test(basename(path))
}

const SKIP = /^@(?:\w+\.)*skip\b/
/** A mark for everything in its module or class. */
const SKIP_ALL = /^pytestmark\s*=.*\bskip\b|^(?:pytest\.)?skip\(.*allow_module_level\s*=\s*True/

/**
 * The test functions that a file declares, as pytest names them without parameters: path::Class::name. Read, not run: so
 * they are known without Python too. A condition (`skipif`) is no skip: it may not hold.
 */
export function testFunctions(path: string, source: string): readonly BaselineTest[] {
  const tests: BaselineTest[] = []
  const classes: { readonly name: string; readonly indent: number; skipped: boolean }[] = []
  const lines = [...logicalLines(source)]
  const all = lines.some(({ code, indent }) => indent === 0 && SKIP_ALL.test(code))
  let decorators: LogicalLine[] = []
  /** The function that the lines stand in: what is declared in there is no test. */
  let within: number | undefined
  for (const line of lines) {
    if (within !== undefined && line.indent > within) continue
    within = undefined
    while ((classes.at(-1)?.indent ?? -1) >= line.indent) classes.pop()
    const skipped = decorators.some(({ code }) => SKIP.test(code))
    const [, kind, name = ''] = /^(class|(?:async\s+)?def)\s+(\w+)/.exec(line.code) ?? []
    if (line.code.startsWith('@')) {
      decorators.push(line)
      continue
    }
    if (kind === 'class') classes.push({ name, indent: line.indent, skipped })
    else if (kind !== undefined) {
      within = line.indent
      if (name.startsWith('test') && classes.every((one) => /^Test|Tests?$|TestCase$/.test(one.name))) {
        const off = all || skipped || classes.some((one) => one.skipped)
        tests.push({ id: [path, ...classes.map((one) => one.name), name].join('::'), skipped: off })
      }
    } else {
      const owner = classes.at(-1)
      if (owner && SKIP_ALL.test(line.code)) {
        owner.skipped = true
        // What stands above it in the class is skipped as well.
        const inside = `${[path, ...classes.map((one) => one.name)].join('::')}::`
        for (const [index, test] of tests.entries()) {
          if (test.id.startsWith(inside)) tests[index] = { ...test, skipped: true }
        }
      }
    }
    decorators = []
  }
  return tests
}

import { expect, test } from '@jest/globals'
import { hasNoCode, logicalLines } from '../../../../src/stages/validate-python-ref/guard/python-source.ts'
import { testFunctions } from '../../../../src/stages/validate-python-ref/guard/test-functions.ts'

test.each([
  ['nothing', ''],
  ['white space and comments', '\n  # x = 1\n\t\n'],
  ['a docstring', '"""Says\n# "much"\n"""\n'],
  ['several texts', "'a'; r'b' 'c'\n"],
  ['pass and dots', 'pass\n...\n'],
  ['numbers and names', '0\n-1.5e3\nNone\n'],
  ['blocks of nothing', 'if True: pass\nelse:\n    ...\ntry:\n    pass\nfinally: 0\n'],
  ['a future import', '"""x"""\nfrom __future__ import annotations\n'],
  ['a text with an escaped quote', "'it\\'s # x'\n"],
])('%s is no code', (_, source) => {
  expect(hasNoCode(source)).toBe(true)
})

test.each([
  ['an assignment', 'x = ""\n'],
  ['an import', 'import os\n'],
  ['code after a text', '"""doc"""; x()\n'],
  ['code after a hash in a text', "print('#')\n"],
  ['code after an unclosed quote', "'open\nx = 1\n"],
  ['a function that does nothing', 'def f(): pass\n'],
])('%s is code', (_, source) => {
  expect(hasNoCode(source)).toBe(false)
})

test('brackets and backslashes join lines, semicolons part them, and numbers of lines stay true', () => {
  const source = 'a(\n  1,  # one\n)\nb = 1 + \\\n  2; c = """x\ny"""\r\n  d\n'
  expect(
    [...logicalLines(source)].map(({ indent, line, code }) => [indent, line, code.replace(/\s+/g, ' ')]),
  ).toEqual([
    [0, 1, 'a( 1, )'],
    [0, 4, 'b = 1 + 2'],
    [0, 5, 'c = ""'],
    [2, 7, 'd'],
  ])
})

test('test functions are named as pytest names them, and those that are marked are skipped', () => {
  const source = `
import pytest

def test_one():
    def test_inner(): ...

async def test_two(): ...

@pytest.mark.skip(reason="not now")
@pytest.mark.parametrize("x", [1])
def test_three(x): ...

@pytest.mark.skipif(True, reason="here")
def test_four(): ...

def helper_test(): ...

class TestThings:
    def test_five(self): ...
    def other(self): ...

@unittest.skip("all")
class TestMore(unittest.TestCase):
    def test_six(self): ...

class Helper:
    def test_not(self): ...

if True:
    def test_seven(): ...

text = """
def test_in_a_text(): ...
"""
`
  expect(testFunctions('t/test_x.py', source)).toEqual([
    { id: 't/test_x.py::test_one', skipped: false },
    { id: 't/test_x.py::test_two', skipped: false },
    { id: 't/test_x.py::test_three', skipped: true },
    { id: 't/test_x.py::test_four', skipped: false },
    { id: 't/test_x.py::TestThings::test_five', skipped: false },
    { id: 't/test_x.py::TestMore::test_six', skipped: true },
    { id: 't/test_x.py::test_seven', skipped: false },
  ])
})

test.each([
  'pytestmark = pytest.mark.skip',
  'pytestmark = [pytest.mark.skip(reason="x")]',
  'pytest.skip("x", allow_module_level=True)',
])('%s switches every test of its module off', (mark) => {
  expect(testFunctions('test_x.py', `${mark}\ndef test_a(): ...\n`)).toEqual([
    { id: 'test_x.py::test_a', skipped: true },
  ])
})

import { execFileSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { sourcesHash } from '../../../src/stages/cross-compile-go/sources.ts'
import { writeFiles } from '../../support/go-module.ts'
import { commitAll } from '../../support/sample.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const signal = new AbortController().signal

/** A repository whose module is in a folder of its own, and the hash over that in any clone of it. */
async function repository() {
  const folder = await temporaryFolder()
  const top = join(folder.path, 'here')
  await writeFiles(top, { '.gitignore': '*_gen.go\n', 'go/go.mod': 'module x\n', 'go/a/a.go': 'package a\n' })
  execFileSync('git', ['init', '--quiet'], { cwd: top })
  commitAll(top)
  return {
    ...{ top, path: folder.path },
    hash: (of = top) => sourcesHash(join(of, 'go'), { temporary: folder.path, signal }),
    write: (files: Readonly<Record<string, string>>) => writeFiles(join(top, 'go'), files),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  }
}

test('sources that are the same have one hash, in every checkout, whatever else lies among them', async () => {
  await using here = await repository()
  const clean = await here.hash()
  expect(clean).toMatch(/^[0-9a-f]{64}$/)
  const clone = join(here.path, 'clone')
  execFileSync('git', ['clone', '--quiet', here.top, clone], { stdio: 'ignore' })
  expect(await here.hash(clone)).toBe(clean)
  await here.write({
    ...{ 'a/b_gen.go': 'package a\n', 'a/a_test.go': 'package a\n', 'agent.py': '', 'bin/registry': 'built' },
    // What an editor leaves, and what Go passes over.
    ...{ 'a/.#a.go': '', '_old/a.go': 'package old\n', 'a/testdata/x.go': 'package x\n' },
  })
  await writeFiles(here.top, { 'other.go': 'package other\n' })
  expect(await here.hash()).toBe(clean)
})

test('each change of a source is another hash, and one that is committed as it stands keeps its own', async () => {
  await using here = await repository()
  const seen = [await here.hash()]
  await here.write({ 'a/a.go': 'package a // edited\n' })
  seen.push(await here.hash())
  await here.write({ 'a/new.go': 'package a\n' })
  seen.push(await here.hash())
  await here.write({ 'go.mod': 'module y\n' })
  seen.push(await here.hash())
  commitAll(here.top)
  expect(await here.hash()).toBe(seen.at(-1))
  await rm(join(here.top, 'go/a/a.go'))
  seen.push(await here.hash())
  expect(new Set(seen).size).toBe(5)
})

test('what is embedded counts, whatever it is called, and of a folder also what is new in it', async () => {
  await using here = await repository()
  await here.write({
    'a/a.go': 'package a\n\nimport "embed"\n\n//go:embed *.sql testdata\nvar _ embed.FS\n',
    'a/a_test.go': 'package a\n\nimport _ "embed"\n\n//go:embed golden.txt\nvar golden string\n',
    ...{ 'a/golden.txt': '', 'a/schema.sql': '', 'a/testdata/x': '', 'schema.sql': '' },
  })
  commitAll(here.top)
  // As users with submodules set it; git grep then looks at no untracked file unless it is told to.
  execFileSync('git', ['config', 'submodule.recurse', 'true'], { cwd: here.top })
  const seen = [await here.hash()]
  await here.write({ 'a/golden.txt': 'edited', 'schema.sql': 'edited', 'a/other.txt': '' })
  expect(await here.hash()).toBe(seen[0])
  for (const path of ['a/schema.sql', 'a/new.sql', 'a/testdata/x', 'a/testdata/deep/new']) {
    await here.write({ [path]: 'edited' })
    seen.push(await here.hash())
  }
  commitAll(here.top)
  expect(await here.hash()).toBe(seen.at(-1))
  expect(new Set(seen).size).toBe(5)
  // As with sources: what is generated and ignored is nobody's edit.
  await here.write({ 'a/testdata/x_gen.go': 'package x\n' })
  expect(await here.hash()).toBe(seen.at(-1))
})

test('modules that are taken from other folders count, with what they embed, and so does go.work', async () => {
  await using here = await repository()
  await here.write({ 'go.mod': 'module x\n\nreplace example.com/lib => ../lib\n' })
  await writeFiles(here.top, {
    'lib/go.mod': 'module example.com/lib\n',
    'lib/lib.go': 'package lib\n\nimport _ "embed"\n\n//go:embed greeting\nvar Greeting string\n',
    ...{ 'lib/greeting': 'hello', 'tools/go.mod': 'module tools\n', 'tools/tools.go': 'package tools\n' },
  })
  commitAll(here.top)
  const seen = [await here.hash()]
  const clone = join(here.path, 'clone')
  execFileSync('git', ['clone', '--quiet', here.top, clone], { stdio: 'ignore' })
  expect(await here.hash(clone)).toBe(seen[0])
  await writeFiles(here.top, { 'tools/tools.go': 'package tools // edited\n', 'lib/notes': '' })
  expect(await here.hash()).toBe(seen[0])
  for (const [path, text] of [
    ['lib/lib.go', 'package lib\n\nimport _ "embed"\n\n//go:embed greeting\nvar Hello string\n'],
    ['lib/greeting', 'good evening'],
    ['go.work', 'go 1.24\n\nuse (\n\t./go\n\t./tools\n)\n'],
    ['tools/tools.go', 'package tools\n'],
  ] as const) {
    await writeFiles(here.top, { [path]: text })
    seen.push(await here.hash())
  }
  expect(new Set(seen).size).toBe(5)
})

test('a module elsewhere of which git knows nothing does not count, and hides nothing', async () => {
  await using here = await repository()
  await writeFiles(here.path, { 'lib/go.mod': 'module lib\n', 'lib/lib.go': 'package lib\n' })
  await here.write({ 'go.mod': 'module x\n\nreplace lib => ../../lib\n' })
  const before = await here.hash()
  await writeFiles(here.path, { 'lib/lib.go': 'package lib // edited\n' })
  expect(await here.hash()).toBe(before)
  await here.write({ 'a/a.go': 'package a // edited\n' })
  expect(await here.hash()).not.toBe(before)
})

test('outside of git, and where git ignores the module, nothing is known', async () => {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, { 'a.go': 'package a\n' })
  expect(await sourcesHash(folder.path, { temporary: folder.path, signal })).toBeUndefined()
  execFileSync('git', ['init', '--quiet'], { cwd: folder.path })
  await writeFiles(folder.path, { '.gitignore': '*\n' })
  expect(await sourcesHash(folder.path, { temporary: folder.path, signal })).toBeUndefined()
})

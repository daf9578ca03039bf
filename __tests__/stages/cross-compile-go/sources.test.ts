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

test('outside of git, and where git ignores the module, nothing is known', async () => {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, { 'a.go': 'package a\n' })
  expect(await sourcesHash(folder.path, { temporary: folder.path, signal })).toBeUndefined()
  execFileSync('git', ['init', '--quiet'], { cwd: folder.path })
  await writeFiles(folder.path, { '.gitignore': '*\n' })
  expect(await sourcesHash(folder.path, { temporary: folder.path, signal })).toBeUndefined()
})

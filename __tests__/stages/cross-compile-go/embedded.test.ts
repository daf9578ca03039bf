import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { embeddedBy } from '../../../src/stages/cross-compile-go/embedded.ts'
import { writeFiles } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const PATHS = [
  ...['web/one.html', 'web/two.html', 'web/page.css', 'web/site/index.js', 'web/site/deep/a.txt'],
  ...['web/all/_under', 'web/all/plain', 'web/with space.txt', 'web/1a.bin'],
  ...['web/xa.bin', 'one.html', 'site/index.js', 'web/sub/one.html'],
]

const LINES = [
  '//go:embed *.html site',
  '\t//go:embed all:all "with space.txt"\t`page.css`',
  '//go:embed [0-9]a.bin',
]

describeWith(['go'])('files that Go embeds', () => {
  test('are those that its lines are read to take in', async () => {
    await using folder = await temporaryFolder()
    const source = LINES.map((line, at) => `var (\n${line}\n\tv${at} embed.FS\n)\n`).join('\n')
    await writeFiles(folder.path, {
      'go.mod': 'module example.com/m\n\ngo 1.24\n',
      'web/web.go': `package web\n\nimport "embed"\n\n${source}`,
      ...Object.fromEntries(PATHS.map((path) => [path, ''])),
    })
    const args = ['list', '-f', '{{range .EmbedFiles}}{{println .}}{{end}}', './web']
    const listed = execFileSync('go', args, { cwd: folder.path, encoding: 'utf8' })
    const embedded = listed
      .split('\n')
      .flatMap((line) => (line.trim() === '' ? [] : join('web', line.trim())))
    const isEmbedded = embeddedBy(LINES.map((line) => ['web/web.go', line] as const))
    expect(PATHS.filter(isEmbedded).sort()).toEqual(embedded.sort())
    expect(embedded).toHaveLength(9)
  })
})

test('a package at the top embeds from there, and nothing is embedded without a line', () => {
  expect(embeddedBy([['main.go', '//go:embed static']])('static/a')).toBe(true)
  expect(embeddedBy([['main.go', '//go:embed static']])('other/static/a')).toBe(false)
  expect(embeddedBy([])('static/a')).toBe(false)
})

import { describe, expect, test } from '@jest/globals'
import { notesOf, readCommits, withEntry } from '../../scripts/release/changelog.ts'

const commit = (subject: string, ...paths: readonly string[]) => ({ subject, paths })
const first = withEntry('', 'v1.0.0', '2026-01-01', [commit('Begin', 'src/main.ts')])

test('git’s log is read commit by commit, with the files of each', () => {
  expect(readCommits('\0Begin\n\nsrc/main.ts\nREADME.md\n\0Go on\n\ndocs/a.md\n')).toEqual([
    commit('Begin', 'src/main.ts', 'README.md'),
    commit('Go on', 'docs/a.md'),
  ])
  expect(readCommits('')).toEqual([])
})

describe('an entry', () => {
  test('tells each commit once, by the first of what it touched', () => {
    const notes = notesOf(
      withEntry(first, 'v1.1.0', '2026-02-02', [
        commit('Test it', '__tests__/main.test.ts'),
        commit('Do more', 'docs/a.md', 'src/main.ts'),
        commit('Tell it', '__tests__/a.test.ts', 'README.md'),
      ]),
      'v1.1.0',
    )
    expect(notes).toBe(
      [
        '### Actions, workflows and command line\n\n- Do more',
        '### Documentation and sample\n\n- Tell it',
        '### Tests, checks and release\n\n- Test it',
      ].join('\n\n'),
    )
  })

  test('leaves out what only built the bundle, and releases', () => {
    const commits = [
      commit('Build dist', 'dist/suite/index.js'),
      commit('Release v1.0.0', 'CHANGELOG.md', 'dist/a'),
    ]
    expect(notesOf(withEntry(first, 'v1.0.1', '2026-02-02', commits), 'v1.0.1')).toBe('The same, built anew.')
  })

  test('stands above the older ones, and takes the place of its own', () => {
    const again = withEntry(first, 'v1.0.0', '2026-01-02', [commit('Begin better', 'src/main.ts')])
    expect(notesOf(again, 'v1.0.0')).toMatch(/- Begin better$/)
    expect(again).not.toContain('- Begin\n')
    const next = withEntry(again, 'v1.0.1', '2026-02-02', [])
    expect(next.match(/^## .*/gm)).toEqual(['## v1.0.1 (2026-02-02)', '## v1.0.0 (2026-01-02)'])
    expect(next.endsWith('- Begin better\n')).toBe(true)
  })

  test('mentions nobody and is no markup of its own', () => {
    const notes = notesOf(
      withEntry('', 'v1.0.0', '2026-01-01', [commit('Use @scope/a for <b> and *c*', 'src/main.ts')]),
      'v1.0.0',
    )
    expect(notes).toMatch(/- Use &#64;scope\/a for &lt;b&gt; and \\\*c\\\*$/)
  })
})

test('a release that the changelog does not know has no notes', () => {
  expect(notesOf(first, 'v1.0')).toBeUndefined()
  expect(notesOf(first, 'v2.0.0')).toBeUndefined()
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { BoundedFile } from '../../../src/process/services/bounded-file.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('a bounded file has the first and the last lines in their order, and counts all others', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'file')
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 30 }), { maxLength: 200 }),
      fc.nat({ max: 200 }),
      fc.nat({ max: 200 }),
      async (lengths, head, tail) => {
        const lines = lengths.map((length, index) => `${index}:${'x'.repeat(length)}`)
        const file = new BoundedFile<{ text: string }>(path, {
          format: ({ text }) => text,
          bounds: { head, tail },
          onError: (error) => {
            throw error
          },
        })
        for (const text of lines) file.write({ text })
        await file.close()

        const written = readFileSync(path, 'utf8').split('\n').slice(0, -1)
        const gap = written.findIndex((line) => line.startsWith('…'))
        if (gap < 0) return expect(written).toEqual(lines)
        const last = written.slice(gap + 1)
        const leftOut = Number(/^… (\d+) lines? left out$/.exec(written[gap] ?? '')?.[1])
        expect(leftOut).toBeGreaterThan(0)
        expect(written.slice(0, gap)).toEqual(lines.slice(0, gap))
        expect(last).toEqual(lines.slice(gap + leftOut))
        // One line more than the bounds at each place, since lines stay whole.
        expect(written.join('\n').length).toBeLessThan(head + tail + 2 * 40 + 30)
      },
    ),
    { numRuns: 100 },
  )
})

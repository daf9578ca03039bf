import { join } from 'node:path'
import { writeWhole } from '../result/write-whole.ts'
import type { PipelineReport } from './model.ts'

/** Writes the report for people and for programs into a folder: report.html, junit.xml, report.json; their paths. */
export async function writeReport(folder: string, report: PipelineReport): Promise<readonly string[]> {
  // What draws is large, and only needed here.
  const [{ reportPage }, { junitXml }] = await Promise.all([import('./html/index.ts'), import('./junit.ts')])
  const texts = {
    'report.html': await reportPage(report),
    'junit.xml': junitXml(report),
    'report.json': `${JSON.stringify(report, null, 2)}\n`,
  }
  return Promise.all(
    Object.entries(texts).map(async ([name, text]) => {
      const file = join(folder, name)
      await writeWhole(file, text)
      return file
    }),
  )
}

import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
  return Promise.all(Object.entries(texts).map(([name, text]) => writeWhole(join(folder, name), text)))
}

/** Nobody finds a half one, also where two runs write at once. */
async function writeWhole(file: string, text: string): Promise<string> {
  const part = `${file}.${process.pid}.part`
  await writeFile(part, text)
  await rename(part, file)
  return file
}

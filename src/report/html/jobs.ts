import type { JobReport } from '../model.ts'
import { html, type Markup } from './markup.ts'
import { tableMarkup } from './table.ts'

/** How the jobs ended, as the runner tells it; nothing in a terminal, where there are none. */
export function jobsMarkup(jobs: readonly JobReport[]): Markup | undefined {
  if (jobs.length === 0) return undefined
  return html`<section id="jobs" aria-labelledby="jobs-title">
<h2 id="jobs-title">Jobs</h2>
${tableMarkup({
  caption: 'The jobs as the runner tells how they ended',
  head: ['job', 'result'],
  rows: jobs.map(({ name, result }) => [name, result]),
})}
</section>`
}

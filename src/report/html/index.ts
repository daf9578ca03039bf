import { createHash } from 'node:crypto'
import type { PipelineReport } from '../model.ts'
import { shortName, visibleLine } from '../visible.ts'
import { DETAILS, type Detail, LEAST } from './detail.ts'
import { figuresMarkup } from './figures.ts'
import { jobsMarkup } from './jobs.ts'
import { type FoldedLogs, foldedLogs } from './logs.ts'
import { html, type Markup, textOf, trusted } from './markup.ts'
import { plotsMarkup } from './plots/index.ts'
import { SCRIPT } from './script.ts'
import { stageSection } from './stage-section.ts'
import { stageTable } from './stage-table.ts'
import { STYLE } from './style.ts'
import { verdictMarkup } from './verdict.ts'

/** The most that a page may weigh, in bytes: what a phone still opens at once. */
const MOST_BYTES = 1_900_000

/**
 * The report as one HTML file that needs nothing else: no network, no other file. What does not fit in under 2 MB is
 * left out by importance, and that is told: first of what is green, of the logs what comes first.
 */
export async function reportPage(report: PipelineReport): Promise<string> {
  const plots = await plotsMarkup(report)
  const without = (detail: Detail) => page(report, plots, detail, new Map())
  const detail = DETAILS.find((one) => Buffer.byteLength(without(one)) < MOST_BYTES / 2) ?? LEAST
  const logs = foldedLogs(report.stages, MOST_BYTES - Buffer.byteLength(without(detail)))
  return page(report, plots, detail, logs)
}

function page(report: PipelineReport, plots: Markup | undefined, detail: Detail, logs: FoldedLogs): string {
  const { project, commit, attempt, verdict, sentence, leftOut } = report
  const name = visibleLine(project)
  return textOf(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${verdict}: ${shortName(name, 80)}, pipeline report</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#stages">Skip to the stages</a>
<header>
<p class="quiet">${name}, commit <code title="${commit}">${commit.slice(0, 12)}</code>${attempt > 1 ? `, attempt ${attempt}` : ''}</p>
<h1>${verdictMarkup(verdict)} ${sentence}</h1>
${leftOut.length > 0 ? html`<p>Left out on request, so the verdict is one over the others alone: ${leftOut.join(', ')}.</p>` : undefined}
</header>
<main>
<section id="stages" aria-labelledby="stages-title">
<h2 id="stages-title">Stages</h2>
<div class="controls" hidden><button type="button" id="only-red" aria-pressed="false">Only red</button><p id="filter-outcome" role="status" aria-live="polite" class="quiet"></p></div>
${stageTable(report)}
</section>
<section id="checks" aria-labelledby="checks-title">
<h2 id="checks-title">What each stage found</h2>
${report.stages.map((stage) => stageSection(stage, detail, logs))}
</section>
${plots}
${figuresMarkup(report.figures)}
${jobsMarkup(report.jobs)}
</main>
<div id="tip" hidden></div>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`)
}

/** Lets the page's own style and script in by their hashes, and nothing else in or out. */
function policy(): string {
  const hashed = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return `default-src 'none'; style-src ${hashed(STYLE)}; script-src ${hashed(SCRIPT)}; base-uri 'none'; form-action 'none'`
}

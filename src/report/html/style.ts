/** The style of the page. Every pair of colours keeps to the contrast of WCAG AA, in both schemes. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1d2127; --quiet: #57606a; --rule: #d5dae0; --soft: #f4f6f8;
  --pass: #14632c; --fail: #b0141f; --inconclusive: #7a4d00; --link: #0a58a8; --bar: #3d6189; --over: #b0141f;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --ink: #e4e7eb; --quiet: #a2abb6; --rule: #343a42; --soft: #1c2026;
    --pass: #72cf87; --fail: #ff908a; --inconclusive: #e2b54b; --link: #7fb8ff; --bar: #6f97c2; --over: #ff908a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 70rem; background: var(--paper); color: var(--ink);
  font: 0.9375rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  overflow-wrap: anywhere;
}
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0.25rem 0 0.75rem; font-weight: 650; text-wrap: pretty; }
h2 { font-size: 1.125rem; margin: 2.5rem 0 0.5rem; font-weight: 650; }
h3 { font-size: 1rem; margin: 0 0 0.5rem; font-weight: 650; }
h4 { font-size: 0.9375rem; margin: 1.25rem 0 0.25rem; font-weight: 600; }
h1 .verdict { font-size: inherit; margin-right: 0.25rem; }
h3 .verdict, h4 .verdict { margin-left: 0.5rem; }
h3 .quiet, h4 .quiet { font-weight: 400; margin-left: 0.5rem; }
p { margin: 0.5rem 0; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; background: var(--paper); padding: 0.5rem 1rem; }
.skip:focus { left: 0; top: 0; z-index: 2; }
.quiet { color: var(--quiet); }
code, pre { font: 0.8125rem/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
.local code { user-select: all; }
.verdict { font-weight: 650; font-size: 0.9375rem; white-space: nowrap; }
.verdict.pass { color: var(--pass); }
.verdict.fail { color: var(--fail); }
.verdict.inconclusive { color: var(--inconclusive); }
.verdict.skipped { color: var(--quiet); font-weight: 400; }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1rem; margin: 0.75rem 0; min-height: 2.5rem; }
.controls[hidden] { display: none; }
.controls p { margin: 0; }
button {
  font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--quiet); border-radius: 4px;
  padding: 0.375rem 0.75rem; min-height: 2.25rem; cursor: pointer;
}
button[aria-pressed="true"] { background: var(--ink); color: var(--paper); border-color: var(--ink); }
table { border-collapse: collapse; width: 100%; max-width: 45rem; margin: 0.5rem 0; }
.stages, .checks { max-width: none; }
caption { text-align: left; color: var(--quiet); font-size: 0.8125rem; padding-bottom: 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.375rem 1rem 0.375rem 0; border-bottom: 1px solid var(--rule); }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-weight: 400; font-size: 0.8125rem; color: var(--quiet); padding-top: 0; }
tbody th { font-weight: 500; }
.number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
.stages th, .stages td.number { white-space: nowrap; }
.stages td.job { white-space: nowrap; color: var(--quiet); }
.stages .line { width: 55%; }
.checks td:first-child { width: 8.5rem; }
.checks th[scope="row"] { width: 36%; }
.checks .id { display: block; font-weight: 400; color: var(--quiet); font-size: 0.75rem; }
.said { white-space: pre-line; }
section.stage { margin: 1.5rem 0; padding-top: 1.25rem; border-top: 1px solid var(--rule); scroll-margin-top: 1rem; }
.cause { font-weight: 500; white-space: pre-line; }
summary { cursor: pointer; padding: 0.25rem 0; }
pre {
  margin: 0.25rem 0 0.75rem; padding: 0.75rem; background: var(--soft); border: 1px solid var(--rule); border-radius: 4px;
  max-height: 28rem; overflow: auto; white-space: pre-wrap; tab-size: 4;
}
figure { margin: 1.5rem 0 2rem; }
figcaption p { max-width: 45rem; }
.plot { display: block; width: 100%; height: auto; color: var(--ink); }
.plot text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums; }
.plot.wide { max-width: 720px; }
.plot.narrow { display: none; max-width: 328px; }
.plot [data-numbers]:hover { opacity: 0.75; }
#tip {
  position: fixed; z-index: 3; max-width: min(24rem, calc(100vw - 16px)); padding: 0.375rem 0.625rem; pointer-events: none;
  background: var(--ink); color: var(--paper); border-radius: 4px; font-size: 0.8125rem; font-variant-numeric: tabular-nums;
}
.only-red :is([data-verdict="pass"], [data-verdict="skipped"], .green) { display: none; }
@media screen and (max-width: 44rem) {
  body { padding-top: 1rem; }
  h1 { font-size: 1.25rem; }
  .plot.wide { display: none; }
  .plot.narrow { display: block; }
  .stages thead, .checks thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .stages, .checks, .stages tbody, .checks tbody, .stages caption, .checks caption { display: block; }
  .stages tr { display: grid; grid-template-columns: 1fr auto auto; column-gap: 1rem; }
  .stages tr > *, .checks tr > * { border: 0; padding: 0; }
  .stages tr, .checks tr { border-bottom: 1px solid var(--rule); padding: 0.5rem 0; }
  .stages th { white-space: normal; }
  .stages td.job { grid-column: 1 / -1; font-size: 0.8125rem; }
  th, td { padding-right: 0.5rem; }
  .stages .line { grid-column: 1 / -1; width: auto; }
  .checks tr { display: grid; grid-template-columns: 1fr; }
  .checks tr > *, .checks th[scope="row"], .checks td:first-child { width: auto; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  .skip, .controls, #tip { display: none; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  pre { max-height: none; overflow: visible; }
  tr, figure { break-inside: avoid; }
  h2, h3, h4, caption, summary { break-after: avoid; }
}
`

export const id=5062;export const ids=[5062];export const modules={5062:(e,t,i)=>{i.r(t),i.d(t,{reportPage:()=>reportPage});var r=i(77598),a=i(35944);let n=[{red:500,green:500,text:4e3},{red:200,green:100,text:1e3},{red:50,green:10,text:500}],s={red:5,green:0,text:200};var o=i(82206),l=i(12936);let d=Symbol("markup");function html(e,...t){return trusted(e.map((e,i)=>e+rendered(t[i])).join(""))}function trusted(e){return{[d]:e}}function textOf(e){return e[d]}function rendered(e){return void 0===e?"":"string"==typeof e?escapeHtml((0,a.RK)(e)):"number"==typeof e?String(e):d in e?e[d]:e.map(rendered).join("")}let c={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&#39;","`":"&#96;"};function escapeHtml(e){return e.replace(/[&<>"'`]/g,e=>c[e]??e)}function tableMarkup({caption:e,head:t,rows:i,numbers:r=[]}){let kind=e=>r.includes(e)?"number":"words";return html`<table><caption>${e}</caption>
<thead><tr>${t.map((e,t)=>html`<th scope="col" class="${kind(t)}">${e}</th>`)}</tr></thead>
<tbody>
${i.map(([e="",...t])=>html`<tr><th scope="row">${e}</th>${t.map((e,t)=>html`<td class="${kind(t+1)}">${e}</td>`)}</tr>\n`)}</tbody></table>`}function figuresMarkup(e){if(0===e.length)return;let t=e.map(({title:e,measured:t,before:i})=>[e,(0,o.VZ)(t),void 0===i?"not known":(0,o.VZ)({...t,value:i}),void 0===i?"":(0,l.Z)(t,i)]);return html`<section id="figures" aria-labelledby="figures-title">
<h2 id="figures-title">Figures</h2>
${tableMarkup({caption:"Figures, and how they changed since the last other commit of the default branch",head:["figure","now","before","change"],rows:t,numbers:[1,2,3]})}
</section>`}function jobsMarkup(e){if(0!==e.length)return html`<section id="jobs" aria-labelledby="jobs-title">
<h2 id="jobs-title">Jobs</h2>
${tableMarkup({caption:"The jobs as the runner tells how they ended",head:["job","result"],rows:e.map(({name:e,result:t})=>[e,t])})}
</section>`}let m={fail:0,inconclusive:1,pass:2,skipped:3};function foldedLogs(e,t){let i=[...e].sort((e,t)=>m[e.verdict]-m[t.verdict]),r=new Map,a=Math.max(0,t);for(let{stage:e,logs:t}of i)for(let i of t){let t=endOf(i,Math.min(a,262144));a-=t.bytes,r.set(i,fold(e,i,t))}return r}function endOf(e,t){let i=e.text.slice(Math.max(0,e.text.length-t)),r=linesOf((0,a.RK)(i)),n=i.length<e.text.length&&r.length>1?r.slice(1):r,s=[],o=0;for(let e of n.toReversed()){let i=escapeHtml((0,a.vI)(e,2e3)),r=Buffer.byteLength(i)+1;if(o+r>t)break;s.push(i),o+=r}return{escaped:s.reverse().join("\n"),bytes:o,lines:s.length,cutLines:e.cutLines+linesOf(e.text).length-s.length}}function linesOf(e){return""===e?[]:e.replace(/(?:\r\n?|\n)$/,"").split(/\r\n?|\n/)}function fold(e,{name:t},{escaped:i,lines:r,cutLines:a}){let n=a>0?`, ${a} before them are left out`:"";return html`<details class="log"><summary>Log ${t} <span class="quiet">(${r} lines${n})</span></summary>
<pre tabindex="0" role="region" aria-label="Log ${t} of ${e}">${trusted(i)}</pre></details>`}var p=i(41514);let u={wide:{row:26,mostLetters:36,below:0},narrow:{row:40,mostLetters:34,below:18}};function drawBars(e,t){let{row:i,mostLetters:r,below:n}=u[t],s="narrow"===t,o=e.map(e=>e.total),l=e.map(e=>(0,a.EU)((0,a.P8)(e.name),r)),room=e=>7*Math.max(...e.map(e=>e.length))+16,d=s?1:room(l),c=s?1:room(o),m=e.length*i+4,p={color:"currentColor",fontSize:12,interval:0,...s?{inside:!0,margin:0,verticalAlign:"bottom",padding:[0,0,10,0]}:{margin:12}},f={type:"category",inverse:!0,axisTick:{show:!1}},g=Array.from({length:Math.max(...e.map(e=>e.segments.length))},(t,i)=>e.map(e=>e.segments[i]));return{height:m,option:{grid:{left:d,right:c,top:2+n/2,bottom:2-n/2,outerBoundsMode:"none"},xAxis:{type:"value",min:0,max:longest(e),show:!1},yAxis:[{...f,data:l,axisLabel:{...p,align:s?"left":"right"},axisLine:s?{show:!1}:h},{...f,data:o,position:"right",axisLabel:{...p,align:s?"right":"left"},axisLine:{show:!1}}],series:[...g.map((t,i)=>({type:"bar",stack:"bar",barWidth:12,data:t.map((t,r)=>({value:t?.value??"-",itemStyle:{color:e[r]?.isOver?"var(--over)":"var(--bar)",opacity:i%2==0?1:.7}}))})),{type:"scatter",symbol:"rect",symbolSize:[2,12+(s?4:8)],itemStyle:{color:"currentColor",opacity:1},z:3,data:e.map((e,t)=>[e.limit?.value??"-",t])}]},numbers:[...g.map(e=>e.map(e=>e?.numbers??"")),e.map(e=>e.limit?.numbers??"")]}}let h={show:!0,onZero:!1,lineStyle:{color:"currentColor",width:1}};function longest(e){return Math.max(...e.map(({segments:e})=>e.reduce((e,t)=>e+t.value,0)),...e.map(e=>e.limit?.value??0))||1}function readResults({stages:e},t,i){return e.filter(e=>e.stage===t).flatMap(({results:e})=>e).flatMap(e=>{let t=i.safeParse(e.data);return t.success?[{...e,data:t.data}]:[]})}function sizeLimit({checks:e},t,i){let r=e.find(e=>e.id===t)?.limit;return r?.unit!=="bytes"?{}:{limit:{value:r.value,numbers:`limit ${(0,o.z3)(r.value)}`},isOver:i>r.value}}function sizeInWords(e,t){return`${(0,o.z3)(e)}${t?", over":""}`}let f="The line across a bar is its limit.",g=p.Ikc({binaries:p.YOg(p.Ikc({command:p.YjP(),platform:p.YjP(),sizeBytes:p.aig().nonnegative(),previousSizeBytes:p.aig().optional()}))});function binarySizes(e){let t=distinct(readResults(e,"cross-compile-go",g).flatMap(e=>e.data.binaries.map(t=>{let i=`size/${t.command}/${t.platform.replace("/","-")}`;return{...t,...sizeLimit(e,i,t.sizeBytes)}}))),[i,r]=[t[0],t.at(-1)];if(!i||!r)return;let a=t.toSorted((e,t)=>e.command<t.command?-1:+(e.command>t.command)),nameOf=e=>`${e.command} ${e.platform}`,n=a.map(e=>{let t=(0,o.z3)(e.sizeBytes);return{name:nameOf(e),total:sizeInWords(e.sizeBytes,e.isOver),segments:[{value:e.sizeBytes,numbers:`${nameOf(e)}: ${t}`}],limit:e.limit,isOver:e.isOver??!1}}),s=t.some(e=>void 0!==e.previousSizeBytes);return{id:"binary-sizes",title:"Size of the binaries by platform",inWords:`Bars of ${t.length} binaries, from ${(0,o.z3)(i.sizeBytes)} (${nameOf(i)}) to ${(0,o.z3)(r.sizeBytes)} (${nameOf(r)}). The numbers stand in the table below.`,note:n.some(e=>e.limit)?f:void 0,draw:e=>drawBars(n,e),table:{caption:"Size of the binaries by platform",head:["command","platform","size","limit",...s?["change"]:[]],rows:a.map(e=>[e.command,e.platform,(0,o.z3)(e.sizeBytes),e.limit?(0,o.z3)(e.limit.value):"none",...s?[changed(e.sizeBytes,e.previousSizeBytes)]:[]]),numbers:[2,3,4]}}}function changed(e,t){return void 0===t?"new":(0,l.Z)({value:e,unit:"bytes"},t)}function distinct(e){return[...new Map(e.map(e=>[`${e.command} ${e.platform}`,e])).values()].sort((e,t)=>e.sizeBytes-t.sizeBytes)}let v=p.aig().nonnegative(),b=p.Ikc({images:p.YOg(p.Ikc({name:p.YjP(),uncompressedBytes:v,compressedBytes:v,layers:p.YOg(p.Ikc({instruction:p.YjP(),uncompressedBytes:v}))}))});function instructionOf({instruction:e}){return(0,a.vI)(e||"no instruction",120)}let $={wide:720,narrow:328};async function drawn(e,t){let{renderSvg:r}=await Promise.all([i.e(7616),i.e(95)]).then(i.bind(i,10095)),{option:n,height:s,numbers:o}=e.draw(t),l=$[t],d=withNumbers(bodyOf(r(n,l,s)),o),c=escapeHtml((0,a.P8)(e.inWords));return trusted(`<svg class="plot ${t}" viewBox="0 0 ${l} ${s}" role="img" aria-label="${c}">${d}</svg>`)}function bodyOf(e){return e.replace(/^<svg[^>]*>\s*<rect[^>]*><\/rect>/,"").replace(/<style[^>]*>[\s\S]*?<\/style>/,"").replace(/<\/svg>\s*$/,"").replace(/ (?:style|class|pointer-events)="[^"]*"/g,"").trim()}function withNumbers(e,t){return e.replace(/ ecmeta_series_index="(\d+)" ecmeta_data_index="(\d+)" ecmeta_ssr_type="chart"/g,(e,i,r)=>{let n=t[Number(i)]?.[Number(r)];return void 0===n?"":` data-numbers="${escapeHtml((0,a.P8)(n))}"`})}let y=[binarySizes,function imageSizes(e){let t=readResults(e,"docker-smoke",b).flatMap(e=>e.data.images.map(t=>({...t,...sizeLimit(e,`size/${t.name}`,t.uncompressedBytes)})));if(0===t.length)return;let i=t.map(e=>({name:e.name,total:sizeInWords(e.uncompressedBytes,e.isOver),segments:e.layers.map((t,i)=>({value:t.uncompressedBytes,numbers:`${e.name}, layer ${i+1} of ${e.layers.length}: ${(0,o.z3)(t.uncompressedBytes)}, ${instructionOf(t)}`})),limit:e.limit,isOver:e.isOver??!1})),r=t.map(e=>`${e.name} ${(0,o.z3)(e.uncompressedBytes)}`);return{id:"image-sizes",title:"Size of the images by layer",inWords:`Bars of ${t.length} images: ${r.join(", ")}. The numbers stand in the table below.`,note:`Unpacked; each part of a bar is a layer, from the base up. ${i.some(e=>e.limit)?f:""}`.trim(),draw:e=>drawBars(i,e),table:{caption:"Size of the images and their layers, unpacked; of a whole image also as it is in a registry",head:["image","layer","size","in a registry"],rows:t.flatMap(e=>[[e.name,"whole",(0,o.z3)(e.uncompressedBytes),(0,o.z3)(e.compressedBytes)],...e.layers.map(t=>[e.name,instructionOf(t),(0,o.z3)(t.uncompressedBytes),""])]),numbers:[2,3]}}},function stageTimes({stages:e}){let t=e.flatMap(({stage:e,results:t})=>t.map(({shard:t,durationMs:i})=>({name:void 0===t?e:`${e} ${t}`,durationMs:i}))),i=t.toSorted((e,t)=>t.durationMs-e.durationMs)[0];if(!i)return;let r=t.map(({name:e,durationMs:t})=>{let i=(0,o.a3)(t);return{name:e,total:i,segments:[{value:t,numbers:`${e}: ${i}`}]}});return{id:"stage-times",title:"Time by stage",inWords:`Bars of ${t.length} stages or parts of stages; the longest is ${i.name} with ${(0,o.a3)(i.durationMs)}. The numbers stand in the table below.`,draw:e=>drawBars(r,e),table:{caption:"Time by stage",head:["stage","time"],rows:t.map(({name:e,durationMs:t})=>[e,(0,o.a3)(t)]),numbers:[1]}}}];async function plotsMarkup(e){let t=y.map(t=>t(e)).filter(e=>void 0!==e);if(0===t.length)return;let i=await Promise.all(t.map(figure));return html`<section id="plots" aria-labelledby="plots-title">
<h2 id="plots-title">What was measured</h2>
${i}
</section>`}async function figure(e){return html`<figure id="plot-${e.id}">
<figcaption><h3>${e.title}</h3>${void 0===e.note?void 0:html`<p class="quiet">${e.note}</p>`}</figcaption>
${await drawn(e,"wide")}
${await drawn(e,"narrow")}
<details><summary>The numbers</summary>
${tableMarkup(e.table)}</details>
</figure>`}let w=`(() => {
  'use strict'
  const button = document.getElementById('only-red')
  const outcome = document.getElementById('filter-outcome')
  const tip = document.getElementById('tip')
  const isRed = (element) => ['fail', 'inconclusive'].includes(element.dataset.verdict)
  const stages = [...document.querySelectorAll('section.stage')]
  const checks = [...document.querySelectorAll('[data-check]')]

  button.parentElement.hidden = false
  button.addEventListener('click', () => {
    const only = document.documentElement.classList.toggle('only-red')
    button.setAttribute('aria-pressed', String(only))
    const shown = (all) => (only ? all.filter(isRed).length + ' of ' : 'all ') + all.length
    const red = only ? (stages.some(isRed) ? ': what failed or is inconclusive' : ': nothing is red') : ''
    outcome.textContent = 'Showing ' + shown(stages) + ' stages and ' + shown(checks) + ' checks' + red + '.'
  })

  const place = (event) => {
    const right = document.documentElement.clientWidth - tip.offsetWidth - 8
    const below = event.clientY + 16
    const fits = below + tip.offsetHeight < innerHeight
    tip.style.left = Math.max(8, Math.min(event.clientX + 12, right)) + 'px'
    tip.style.top = (fits ? below : event.clientY - tip.offsetHeight - 12) + 'px'
  }
  document.addEventListener('pointerover', (event) => {
    const mark = event.target instanceof Element ? event.target.closest('[data-numbers]') : null
    tip.hidden = mark === null
    if (mark === null) return
    tip.textContent = mark.dataset.numbers
    place(event)
  })
  document.addEventListener('pointermove', (event) => tip.hidden || place(event))
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') tip.hidden = true
  })

  let closed = []
  addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll('details:not([open])')]
    for (const fold of closed) fold.open = true
  })
  addEventListener('afterprint', () => {
    for (const fold of closed) fold.open = false
  })
})()`;var k=i(69552),x=i(21784);let z={pass:"✓",fail:"✗",inconclusive:"?",skipped:"–"};function verdictMarkup(e){return html`<span class="verdict ${e}"><span aria-hidden="true">${z[e]}</span> ${e}</span>`}function checksMarkup({checks:e},t,i){let r=e.filter(e=>(0,k.nT)(e.verdict)).sort((e,t)=>Number("fail"!==e.verdict)-Number("fail"!==t.verdict)),a=e.filter(e=>!(0,k.nT)(e.verdict)),n=a.filter(e=>"skipped"===e.verdict).length,s=`${a.length-n} passed${n>0?`, ${n} skipped`:""}`;return html`${r.length>0?checkTable(r,t.red,t.text,`Checks of ${i} that failed or are inconclusive`):void 0}${a.length>0?html`<details class="green"><summary>${s}</summary>
${checkTable(a,t.green,t.text/4,`Checks of ${i} that passed or were skipped`)}</details>`:void 0}`}function checkTable(e,t,i,r){let a=e.length-t;return html`<table class="checks"><caption>${r}</caption>
<thead><tr><th scope="col">verdict</th><th scope="col">check</th><th scope="col">found</th></tr></thead>
<tbody>
${e.slice(0,t).map(e=>checkRow(e,i))}</tbody></table>
${a>0?html`<p class="quiet">and ${a} more, which the results as JSON hold</p>`:void 0}`}function checkRow(e,t){let cut=e=>(0,a.vI)(e,t),i=(0,x.t)(e),r=[void 0===e.detail?void 0:html`<div class="said">${cut(e.detail)}</div>`,void 0===i?void 0:html`<div class="quiet">${i}</div>`,e.location&&html`<div><code>${cut(placeOf(e.location))}</code></div>`,void 0===e.fix?void 0:html`<div><b>Fix:</b> ${cut(e.fix)}</div>`];return html`<tr data-check data-verdict="${e.verdict}"><td>${verdictMarkup(e.verdict)}</td><th scope="row">${cut(e.title)}<code class="id">${cut(e.id)}</code></th><td>${r}</td></tr>\n`}function placeOf({file:e,line:t,column:i}){return[e,t,i].filter(e=>void 0!==e).join(":")}var M=i(71512);function stageTable({stages:e,jobs:t}){let i=t.length>0;return html`<table class="stages"><caption>The stages in the order in which they run</caption>
<thead><tr><th scope="col">stage</th><th scope="col">verdict</th><th scope="col" class="number">time</th>${i?html`<th scope="col">job</th>`:void 0}<th scope="col">what matters</th></tr></thead>
<tbody>
${e.map(e=>stageRow(e,i))}</tbody></table>`}function sectionOf({stage:e}){return`stage-${e}`}function timeOf({results:e}){let t=(0,M.J)(e);return void 0===t?"":(0,o.a3)(t)}function stageRow(e,t){let{stage:i,verdict:r,job:n,local:s}=e;return html`<tr data-verdict="${r}"><th scope="row"><a href="#${sectionOf(e)}">${i}</a></th><td>${verdictMarkup(r)}</td><td class="number">${timeOf(e)}</td>${t?html`<td class="job">${n}</td>`:void 0}<td class="line">${(0,a.vI)((0,a.P8)(whatMatters(e)),400)}${(0,k.nT)(r)?html`<div class="local">Run it locally: <code>${s}</code></div>`:void 0}</td></tr>\n`}function whatMatters({cause:e,results:t}){if(void 0!==e)return e;let i=t.flatMap(({checks:e})=>e).filter(({verdict:e})=>"skipped"!==e).length,r=t.length>1?` in ${t.length} parts`:"";return 0===t.length?"":`${i} checks${r}`}function stageSection(e,t,i){let{stage:r,verdict:n,cause:s,results:o,local:l}=e,d=sectionOf(e),c=timeOf(e),m=toolsOf(o);return html`<section class="stage" id="${d}" aria-labelledby="${d}-title" data-verdict="${n}">
<h3 id="${d}-title">${r} ${verdictMarkup(n)}${c?html` <span class="quiet">${c}</span>`:void 0}</h3>
${void 0===s?void 0:html`<p class="cause">${(0,a.vI)(s,t.text)}</p>`}
${0===o.length?html`<p class="quiet">It left no evidence.</p>`:void 0}
${o.map(e=>partMarkup(e,t,o.length>1))}
${e.logs.map(e=>i.get(e))}
<p class="local quiet">Run it locally: <code>${l}</code>${m.length>0?`; here it ran with ${(0,a.vI)(m.join(", "),t.text)}`:void 0}</p>
</section>`}function partMarkup(e,t,i){let{stage:r,shard:a,verdict:n,durationMs:s}=e,l=void 0===a?r:`${r}, part ${a}`,d=html`<h4>Part ${a} ${verdictMarkup(n)} <span class="quiet">${(0,o.a3)(s)}</span></h4>`;return html`<div class="part" data-verdict="${n}">${i?d:void 0}${checksMarkup(e,t,l)}</div>`}function toolsOf(e){return[...new Set(e.flatMap(e=>Object.entries(e.tools)).map(([e,t])=>t.startsWith(e)?t:`${e} ${t}`))]}let O=`
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
`;async function reportPage(e){let t=await plotsMarkup(e),without=i=>page(e,t,i,new Map),i=n.find(e=>95e4>Buffer.byteLength(without(e)))??s,r=foldedLogs(e.stages,19e5-Buffer.byteLength(without(i)));return page(e,t,i,r)}function page(e,t,i,r){let{project:n,commit:s,attempt:o,verdict:l,sentence:d,leftOut:c}=e,m=(0,a.P8)(n);return textOf(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${l}: ${(0,a.EU)(m,80)}, pipeline report</title>
<style>${trusted(O)}</style>
</head>
<body>
<a class="skip" href="#stages">Skip to the stages</a>
<header>
<p class="quiet">${m}, commit <code title="${s}">${s.slice(0,12)}</code>${o>1?`, attempt ${o}`:""}</p>
<h1>${verdictMarkup(l)} ${d}</h1>
${c.length>0?html`<p>Left out on request, so the verdict is one over the others alone: ${c.join(", ")}.</p>`:void 0}
</header>
<main>
<section id="stages" aria-labelledby="stages-title">
<h2 id="stages-title">Stages</h2>
<div class="controls" hidden><button type="button" id="only-red" aria-pressed="false">Only red</button><p id="filter-outcome" role="status" aria-live="polite" class="quiet"></p></div>
${stageTable(e)}
</section>
<section id="checks" aria-labelledby="checks-title">
<h2 id="checks-title">What each stage found</h2>
${e.stages.map(e=>stageSection(e,i,r))}
</section>
${t}
${figuresMarkup(e.figures)}
${jobsMarkup(e.jobs)}
</main>
<div id="tip" hidden></div>
<script>${trusted(w)}</script>
</body>
</html>
`)}function policy(){let hashed=e=>`'sha256-${(0,r.createHash)("sha256").update(e).digest("base64")}'`;return`default-src 'none'; style-src ${hashed(O)}; script-src ${hashed(w)}; base-uri 'none'; form-action 'none'`}},21784:(e,t,i)=>{i.d(t,{t:()=>measuredInWords});var r=i(82206);function measuredInWords({measured:e,limit:t}){if(!e)return;if(!t)return`measured ${(0,r.VZ)(e)}`;let i="at-most"===t.kind?"at most":"at least";return`measured ${(0,r.VZ)(e)}, limit ${i} ${(0,r.VZ)(t)}`}},35944:(e,t,i)=>{i.d(t,{EU:()=>shortName,P8:()=>visibleLine,RK:()=>visible,vI:()=>shortened});var r=i(57975);let a=/(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu;function visible(e){return(0,r.stripVTControlCharacters)(e).replace(/\r\n?/g,"\n").replace(a,signOf)}function visibleLine(e){return visible(e).replace(/\s*\n\s*/g," ").trim()}function signOf(e){let t=e.codePointAt(0)??0;return t>=55296&&t<=57343?"�":`<U+${t.toString(16).toUpperCase().padStart(4,"0")}>`}function shortened(e,t){return e.length<=t?e:`${e.slice(0,t)}… (${e.length-t} more characters)`}function shortName(e,t){if(e.length<=t)return e;let i=Math.ceil((t-1)/2);return`${e.slice(0,i)}…${e.slice(e.length-(t-1-i))}`}}};

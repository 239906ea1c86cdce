import type { Chart } from './chart-parts.ts';
import { runCharts } from './charts.ts';
import { escapeMarkup } from './markup.ts';
import { type Cell, RESULT_COLUMNS, type ResultColumn, type ResultRow } from './result-columns.ts';

/** What a report shows. */
export interface ReportContent {
  readonly title: string;
  /** The answer in a few lines. */
  readonly summary: readonly string[];
  readonly rows: readonly ResultRow[];
  /** Text of results.csv and manifest.json, offered for download. */
  readonly csv: string;
  readonly manifest: string;
  /** Scripts that draw the charts (`vegaScripts`). */
  readonly scripts: readonly string[];
}

/** One HTML file with everything in it: it opens offline, in light and dark, on paper and by keyboard. */
export function htmlReport({ title, summary, rows, csv, manifest, scripts }: ReportContent): string {
  const charts = runCharts(rows);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escapeMarkup(title)}</h1>
<ul class="summary">${summary.map((line) => `<li>${escapeMarkup(line)}</li>`).join('')}</ul>
<nav aria-label="contents">${charts.map(({ id, title }) => `<a href="#${id}">${escapeMarkup(title)}</a>`).join(' ')} <a href="#numbers">All numbers</a> <a href="#configuration">Configuration</a></nav>
</header>
<main>
${charts.map(chartSection).join('\n')}
<section id="numbers"><h2>All numbers</h2>
<p>${rows.length} points. <a download="results.csv" href="${dataUrl('text/csv', csv)}">Download results.csv</a></p>
<div class="scroll" tabindex="0" role="region" aria-label="all numbers">${numbersTable(rows)}</div></section>
<section id="configuration"><h2>Configuration</h2>
<p>What repeats this run byte for byte. <a download="manifest.json" href="${dataUrl('application/json', manifest)}">Download manifest.json</a></p>
<pre tabindex="0">${escapeMarkup(manifest)}</pre></section>
</main>
${scripts.map((script) => `<script>${safeScript(script)}</script>`).join('\n')}
<script>
const charts = ${safeScript(JSON.stringify(charts.map(({ id, spec }) => ({ id, spec }))))};
${DRAW}
</script>
</body>
</html>
`;
}

function chartSection({ id, title, description }: Chart): string {
  return `<section id="${id}"><h2>${escapeMarkup(title)}</h2>
<figure><div class="chart" id="${id}-chart" role="img" aria-label="${escapeMarkup(description)}"></div>
<figcaption>${escapeMarkup(description)}</figcaption></figure></section>`;
}

function numbersTable(rows: readonly ResultRow[]): string {
  const columns = (RESULT_COLUMNS as readonly ResultColumn[]).filter(({ name }) =>
    rows.some((row) => row[name as keyof ResultRow] !== undefined),
  );
  const cell = (value: Cell): string => {
    if (typeof value !== 'number') return `<td>${escapeMarkup(String(value ?? ''))}</td>`;
    const text = Number.isInteger(value) ? value.toLocaleString('en') : String(Number(value.toPrecision(6)));
    return `<td class="number">${text}</td>`;
  };
  const head = columns
    .map(
      ({ name, unit, definition }) =>
        `<th scope="col" title="${escapeMarkup(`${definition}${unit ? ` (${unit})` : ''}`)}">${name}</th>`,
    )
    .join('');
  const body = rows
    .map((row) => `<tr>${columns.map(({ name }) => cell(row[name as keyof ResultRow])).join('')}</tr>`)
    .join('\n');
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

/** Inside a script element only "</script" and "<!--" mean something; in a string or a pattern these say the same. */
const safeScript = (text: string): string =>
  text.replaceAll(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '<\\!--');

const dataUrl = (type: string, text: string): string =>
  `data:${type};charset=utf-8,${encodeURIComponent(text)}`;

const STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --paper: #ffffff; --faint: #59636e; --line: #d1d9e0; --link: #0969da; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --faint: #9198a1; --line: #3d444d; --link: #4493f8; } }
body { margin: 0 auto; max-width: 1100px; padding: 1rem 1.5rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
a { color: var(--link); } nav a { margin-right: 1rem; }
figure { margin: 0; overflow-x: auto; } figcaption { color: var(--faint); font-size: .9rem; max-width: 70ch; }
.scroll { overflow-x: auto; max-height: 26rem; overflow-y: auto; border: 1px solid var(--line); }
table { border-collapse: collapse; font-size: .8rem; white-space: nowrap; }
th { position: sticky; top: 0; background: var(--paper); text-align: left; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--line); } td.number { text-align: right; font-variant-numeric: tabular-nums; }
pre { background: color-mix(in srgb, var(--ink) 6%, var(--paper)); padding: 1rem; overflow-x: auto; font-size: .8rem; }
@media print { nav, details.vega-actions { display: none; } .scroll { max-height: none; overflow: visible; } section { break-inside: avoid; } }
`;

/** Runs in the page: draws every chart in the reader's colours and again when they change. */
const DRAW = `
const dark = matchMedia('(prefers-color-scheme: dark)');
function draw() {
  const ink = getComputedStyle(document.documentElement).getPropertyValue('--ink').trim();
  const line = getComputedStyle(document.documentElement).getPropertyValue('--line').trim();
  const config = { background: null, view: { stroke: line }, rule: { color: ink },
    axis: { labelColor: ink, titleColor: ink, gridColor: line, domainColor: line, tickColor: line },
    legend: { labelColor: ink, titleColor: ink }, header: { labelColor: ink, titleColor: ink } };
  return Promise.all(charts.map(({ id, spec }) =>
    vegaEmbed('#' + id + '-chart', spec, { config, renderer: 'svg', actions: { export: { svg: true, png: true }, source: false, compiled: false, editor: false } })));
}
dark.addEventListener('change', draw);
draw().then(() => { document.documentElement.dataset.drawn = 'true'; });
`;

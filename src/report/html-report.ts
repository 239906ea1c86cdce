import { gzipSync, strToU8 } from 'fflate';
import type { Cell } from '../results/column.ts';
import { RUN_TABLE, type RunRow } from '../results/columns.ts';
import type { Chart, ChartControl } from './chart-parts.ts';
import { runCharts, runControls } from './charts.ts';
import { configurationTable } from './configuration-table.ts';
import { type Figure, figureSection } from './figure.ts';
import { escapeMarkup } from './markup.ts';
import { type NumbersTable, shownColumns } from './numbers-table.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';

/** What the report of a run shows. */
export interface ReportContent {
  readonly title: string;
  /** The answer in a few lines. */
  readonly summary: readonly string[];
  readonly rows: readonly RunRow[];
  /** What is drawn already; none by default. */
  readonly figures?: readonly Figure[];
  /** Text of results.csv and manifest.json, offered for download. */
  readonly csv: string;
  readonly manifest: string;
  /** Scripts that draw the charts (`vegaScripts`). */
  readonly scripts: readonly string[];
}

/** What any report shows. */
export interface ReportPage {
  readonly title: string;
  readonly summary: readonly string[];
  readonly charts: readonly Chart[];
  /** Choices that all charts obey; none by default. */
  readonly controls?: readonly ChartControl[];
  /** Sections behind the charts; none by default. */
  readonly figures?: readonly Figure[];
  /** The numbers behind the charts, and a sentence on what they are. */
  readonly numbers: { readonly says: string; readonly table: NumbersTable };
  readonly csv: string;
  /** The CSV's name (default: `results.csv`). */
  readonly csvName?: string;
  /** Absent for files that no manifest came with. */
  readonly manifest?: string;
  readonly scripts: readonly string[];
}

/** What a page says of its rows, without its files. */
export type PageContents = Omit<ReportPage, 'csv' | 'csvName' | 'scripts' | 'manifest'>;

/** A page, and the file it is for. */
export interface Report {
  readonly file: string;
  readonly page: ReportPage;
}

/** The page of a run. */
export function runPage({ rows, ...content }: ReportContent): ReportPage {
  const columns = shownColumns(RUN_TABLE, rows);
  const numbers = { says: `${rows.length} points.`, table: { columns, rows } };
  return { ...content, charts: runCharts(rows), controls: runControls(rows), numbers };
}

/** One HTML file with everything in it: it opens offline, in light and dark, on paper and by keyboard. */
export function reportPage(page: ReportPage): string {
  const { title, summary, charts, controls = [], figures = [], numbers, scripts } = page;
  const contents = [...charts, ...figures]
    .map(({ id, title }) => `<a href="#${id}">${escapeMarkup(title)}</a>`)
    .join(' ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>${escapeMarkup(title)}</h1>
<ul class="summary">${summary.map((line) => `<li>${escapeMarkup(line)}</li>`).join('')}</ul>
<nav aria-label="contents">${contents} <a href="#numbers">All numbers</a> <a href="#configuration">Configuration</a></nav>
</header>
<main>
${controls.length === 0 ? '' : controlForm(controls)}
${charts.map(chartSection).join('\n')}
${figures.map(figureSection).join('\n')}
<section id="numbers"><h2>All numbers</h2>
<p>${escapeMarkup(numbers.says)} ${csvLink(page.csv, page.csvName ?? 'results.csv')}</p>
<div class="scroll" tabindex="0" role="region" aria-label="all numbers">${numbersTable(numbers.table)}</div></section>
${configurationSection(page.manifest)}
</main>
${scripts.map((script) => `<script>${safeScript(script)}</script>`).join('\n')}
<script>
${safeScript(chartData(charts))}
${PAGE_SCRIPT}
</script>
</body>
</html>
`;
}

/** The charts as a script. Data that several charts show is in the page once: `tables`, by number. */
function chartData(charts: readonly Chart[]): string {
  const tables: unknown[] = [];
  const placed = charts.map(({ id, spec }) => {
    const { values } = spec.data as { readonly values: unknown };
    let table = tables.indexOf(values);
    if (table < 0) table = tables.push(values) - 1;
    return { id, table, spec: { ...spec, data: {} } };
  });
  return `const tables = ${JSON.stringify(tables)};
const charts = ${JSON.stringify(placed)};
for (const { spec, table } of charts) spec.data.values = tables[table];`;
}

/** Native selects, so that they serve the keyboard and screen readers as the reader is used to. */
function controlForm(controls: readonly ChartControl[]): string {
  const select = ({ does, label, values }: ChartControl): string =>
    `<label>${escapeMarkup(label)} <select ${'parameter' in does ? `data-parameter="${escapeMarkup(does.parameter)}"` : `data-pick="${escapeMarkup(does.picks)}"`}><option value="">all</option>${values
      .map((value) => `<option>${escapeMarkup(value)}</option>`)
      .join('')}</select></label>`;
  return `<form class="controls" aria-label="what the charts show">${controls.map(select).join(' ')}</form>`;
}

/** From this length on (characters) the CSV is offered compressed: data URLs grow a report by all of their length. */
const COMPRESS_CSV = 500_000;

function csvLink(csv: string, name: string): string {
  const file = escapeMarkup(name);
  if (csv.length < COMPRESS_CSV)
    return `<a download="${file}" href="${dataUrl('text/csv', csv)}">Download ${file}</a>`;
  // The time of compression stays out of the bytes.
  const packed = Buffer.from(gzipSync(strToU8(csv), { level: 9, mtime: 0 })).toString('base64');
  return `<a download="${file}.gz" href="data:application/gzip;base64,${packed}">Download ${file}.gz</a>`;
}

function configurationSection(manifest: string | undefined): string {
  const body =
    manifest === undefined
      ? '<p>The results came without a manifest: what made them is not known beyond the columns above.</p>'
      : `<p>What repeats this run byte for byte. <a download="manifest.json" href="${dataUrl('application/json', manifest)}">Download manifest.json</a></p>
<div class="scroll" tabindex="0" role="region" aria-label="configuration">${configurationTable(manifest)}</div>
<details><summary>manifest.json</summary><pre tabindex="0">${escapeMarkup(manifest)}</pre></details>`;
  return `<section id="configuration"><h2>Configuration, seeds and version</h2>\n${body}</section>`;
}

function chartSection({ id, title, description }: Chart): string {
  return `<section id="${id}"><h2>${escapeMarkup(title)}</h2>
<figure><div class="chart" id="${id}-chart" role="group" aria-label="${escapeMarkup(title)}"></div>
<figcaption>${escapeMarkup(description)}</figcaption></figure>
<details class="data" id="${id}-data"><summary>Data of this chart</summary><div class="scroll" tabindex="0" role="region" aria-label="data of ${escapeMarkup(title)}"></div></details></section>`;
}

function numbersTable({ columns, rows }: NumbersTable): string {
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
    .map((row) => `<tr>${columns.map(({ name }) => cell(row[name])).join('')}</tr>`)
    .join('\n');
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

/** Inside a script element only "</script" and "<!--" mean something; in a string or a pattern these say the same. */
const safeScript = (text: string): string =>
  text.replaceAll(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '<\\!--');

const dataUrl = (type: string, text: string): string =>
  `data:${type};charset=utf-8,${encodeURIComponent(text)}`;

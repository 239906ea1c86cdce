import { gzipSync, strToU8 } from 'fflate';
import type { Cell } from '../results/column.ts';
import { RUN_TABLE, type RunRow } from '../results/tables.ts';
import { type ShownCharts, withShownNames } from './chart-names.ts';
import type { Chart, ChartControl } from './chart-parts.ts';
import { packedRows } from './chart-tables.ts';
import { runCharts, runControls } from './charts.ts';
import { columnTexts } from './column-texts.ts';
import { configurationTable } from './configuration-table.ts';
import { type Figure, figureSection } from './figure.ts';
import { type Markup, markup, markupText, trusted } from './markup.ts';
import {
  columnHeading,
  columnHeadings,
  identifyingFirst,
  type NumbersTable,
  SHOWN_ROWS,
  shownColumns,
} from './numbers-table.ts';
import { pagePolicy } from './page-policy.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';
import { shownLine, shownName } from './shown-names.ts';

/** What the report of a run shows. */
export interface ReportContent {
  readonly title: string;
  /** The answer in a few lines. */
  readonly summary: readonly string[];
  readonly rows: readonly RunRow[];
  /** Loss of accuracy allowed, a share; not drawn where it is not known. */
  readonly bound?: number;
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
export function runPage({ rows, bound, ...content }: ReportContent): ReportPage {
  const columns = shownColumns(RUN_TABLE, rows);
  const numbers = { says: `${rows.length} points.`, table: { columns, rows } };
  return { ...content, charts: runCharts(rows, bound), controls: runControls(rows), numbers };
}

/** One HTML file with everything in it: it opens offline, in light and dark, on paper and by keyboard. */
export function reportPage(page: ReportPage): string {
  const { summary, figures = [], numbers } = page;
  const title = shownLine(page.title);
  const { charts, controls, whole } = withShownNames(page.charts, page.controls ?? []);
  const scripts = [...page.scripts, PAGE_SCRIPT].map(withoutEnd);
  const contents = [...charts, ...figures].map(({ id, title }) => markup`<a href="#${id}">${title}</a>`);
  return markupText(markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${pagePolicy(scripts, [PAGE_STYLE])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<ul class="summary">${summary.map((line) => markup`<li>${shownLine(line)}</li>`)}</ul>
<nav aria-label="contents">${contents} <a href="#numbers">All numbers</a> <a href="#configuration">Configuration</a></nav>
</header>
<main>
${controls.length === 0 ? '' : controlForm(controls, whole)}
${charts.map(chartSection)}
${figures.map(figureSection)}
<section id="numbers" class="wide"><h2>All numbers</h2>
<p>${shownLine(numbers.says)}${restInWords(numbers.table)} ${csvLink(page.csv, page.csvName ?? 'results.csv')}</p>
<div class="scroll" tabindex="0" role="region" aria-label="all numbers">${numbersTable(numbers.table)}</div></section>
${configurationSection(page.manifest)}
</main>
<script type="application/json" id="chart-data">${trusted(chartData({ charts, whole }))}</script>
${scripts.map((script) => markup`<script>${trusted(script)}</script>`)}
</body>
</html>
`);
}

type Row = Readonly<Record<string, unknown>>;

/**
 * The charts as JSON, which a browser never runs. Data that several charts show is in the page once: `tables`, by number.
 * Without "<" no text of it can end its element.
 */
function chartData({ charts, whole }: Pick<ShownCharts, 'charts' | 'whole'>): string {
  const tables: (readonly Row[])[] = [];
  const placed = charts.map(({ id, spec, headings = {} }) => {
    const { values } = spec['data'] as { readonly values: readonly Row[] };
    let table = tables.indexOf(values);
    if (table < 0) table = tables.push(values) - 1;
    const names = Object.keys(Object.assign({}, ...values));
    return { id, table, headings: { ...columnHeadings(names), ...headings }, spec: { ...spec, data: {} } };
  });
  return JSON.stringify({ tables: tables.map(packedRows), charts: placed, whole: [...whole] }).replaceAll(
    '<',
    '\\u003c',
  );
}

/** Native selects, so that they serve the keyboard and screen readers as the reader is used to. */
function controlForm(controls: readonly ChartControl[], whole: ReadonlyMap<string, string>): Markup {
  const select = ({ does, label, none = 'all', values }: ChartControl): Markup => {
    const options = [
      markup`<option value="">${none}</option>`,
      ...values.map(
        (value) => markup`<option value="${value}" title="${whole.get(value) ?? value}">${value}</option>`,
      ),
    ];
    return 'parameter' in does
      ? markup`<label>${label} <select data-parameter="${does.parameter}">${options}</select></label>`
      : markup`<label>${label} <select data-pick="${does.picks}">${options}</select></label>`;
  };
  return markup`<form class="controls" aria-label="what the charts show">${controls.map(select)}</form>`;
}

/** From this length on (characters) the CSV is offered compressed: data URLs grow a report by all of their length. */
const COMPRESS_CSV = 500_000;

function csvLink(csv: string, name: string): Markup {
  if (csv.length < COMPRESS_CSV)
    return markup`<a download="${name}" href="${dataUrl('text/csv', csv)}">Download ${name}</a>`;
  // The time of compression stays out of the bytes.
  const packed = Buffer.from(gzipSync(strToU8(csv), { level: 9, mtime: 0 })).toString('base64');
  return markup`<a download="${name}.gz" href="data:application/gzip;base64,${packed}">Download ${name}.gz</a>`;
}

function configurationSection(manifest: string | undefined): Markup {
  const body =
    manifest === undefined
      ? markup`<p>The results came without a manifest: what made them is not known beyond the columns above.</p>`
      : markup`<p>What repeats this run byte for byte. <a download="manifest.json" href="${dataUrl('application/json', manifest)}">Download manifest.json</a></p>
<div class="scroll" tabindex="0" role="region" aria-label="configuration">${configurationTable(manifest)}</div>
<details><summary>manifest.json</summary><pre tabindex="0">${manifest}</pre></details>`;
  return markup`<section id="configuration" class="wide"><h2>Configuration, seeds and version</h2>
${body}</section>`;
}

function chartSection({ id, title, description }: Chart): Markup {
  return markup`<section id="${id}"><h2>${title}</h2>
<figure><div class="chart" id="${id}-chart" role="group" aria-label="${title}"></div>
<figcaption>${description}</figcaption></figure>
<details class="data" id="${id}-data"><summary>Data of this chart</summary><div class="scroll" tabindex="0" role="region" aria-label="data of ${title}"></div></details></section>`;
}

/** Where the rows are that the table does not show. */
const restInWords = ({ rows }: NumbersTable): string =>
  rows.length > SHOWN_ROWS ? ` The table shows the first ${SHOWN_ROWS}; the file has all.` : '';

/** Columns that identify a row come first. */
function numbersTable({ columns: all, rows }: NumbersTable): Markup {
  const shown = rows.slice(0, SHOWN_ROWS);
  const columns = identifyingFirst(all, rows);
  const head = columns.map(
    ({ name, heading, unit, definition }) =>
      markup`<th scope="col" title="${`${definition}${unit ? ` (${unit})` : ''}`}">${shownName(heading ?? columnHeading(name, unit))}</th>`,
  );
  const texts = columns.map(({ name }) => columnTexts(shown.map((row) => row[name])));
  const body = shown.map(
    (row, i) =>
      markup`<tr>${columns.map(({ name }, column) => numbersCell(row[name], texts[column]![i]!))}</tr>`,
  );
  return markup`<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

/** A name that is too long is whole under the pointer. */
function numbersCell(value: Cell, text: string): Markup {
  if (typeof value === 'number') return markup`<td class="number">${text}</td>`;
  const shown = shownName(text);
  return shown === text ? markup`<td>${text}</td>` : markup`<td title="${text}">${shown}</td>`;
}

/** Inside a script element only "</script" and "<!--" mean something; in a string or a pattern these say the same. */
const withoutEnd = (script: string): string =>
  script.replaceAll(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '<\\!--');

const dataUrl = (type: string, text: string): string =>
  `data:${type};charset=utf-8,${encodeURIComponent(text)}`;

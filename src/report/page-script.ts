import { PAGE, PANEL, WIDTH } from './chart-parts.ts';
import { UNPACKED_ROWS } from './chart-tables.ts';
import { COLUMN_TEXTS } from './column-texts.ts';

/**
 * Runs in the page, after the scripts of Vega: reads the charts, which are JSON in the element `chart-data`; draws every chart in the reader's colours, and again when they change;
 * has all charts obey the choices; carries a pick in one chart's legend to every other; fills the tables of the charts.
 */
export const PAGE_SCRIPT = `${UNPACKED_ROWS}
${COLUMN_TEXTS}
const { tables, charts, whole } = JSON.parse(document.getElementById('chart-data').textContent);
// Names that are too long for a chart, by what stands in it.
const wholeNames = new Map(whole);
const wholeName = (name) => wholeNames.get(name) ?? name;
const rowsOfTables = tables.map(unpackedRows);
for (const { spec, table } of charts) spec.data.values = rowsOfTables[table];
const dark = matchMedia('(prefers-color-scheme: dark)');
const choices = [...document.querySelectorAll('select[data-parameter]')];
const picker = document.querySelector('select[data-pick]');
// Many marks draw faster as pixels; few are sharper and printable as shapes.
const many = charts.some(({ spec }) => spec.data?.values?.length > 1000);
// What a legend has picked lies in a data set of each view, which Vega-Lite names after the parameter.
const PICKED = 'picked_store';
const picks = charts.map(({ spec }) => JSON.stringify({ ...spec, data: {} }).includes('"name":"picked"'));
let views = [];
let linked = [];
let picked = [];
let turn = 0;
function choose(view) {
  for (const { dataset, value } of choices) view.signal(dataset.parameter, value);
  return view.runAsync();
}
const said = (entries) => JSON.stringify(entries.map(({ values }) => values));
function pick(now) {
  picked = now;
  const others = linked.filter((view) => said(view.data(PICKED)) !== said(picked));
  const entries = picked.map(({ fields, values }) => ({ unit: '', fields, values }));
  return Promise.all(others.map((view) => view.data(PICKED, entries).runAsync()));
}
const pickOf = ({ value, dataset }) => (value === '' ? [] : [{ fields: [{ type: 'E', field: dataset.pick }], values: [value] }]);
// What a mark is, under the pointer: every title and value as text.
const tip = document.createElement('div');
tip.className = 'tip';
tip.setAttribute('role', 'tooltip');
document.body.append(tip);
const BESIDE = 12;
function tell(_handler, event, _item, value) {
  tip.classList.toggle('visible', value !== null && typeof value === 'object');
  if (!tip.classList.contains('visible')) return;
  const lines = Object.entries(value).map(([title, text]) => {
    const line = document.createElement('tr');
    for (const words of [title, wholeName(text)]) line.append(Object.assign(document.createElement('td'), { textContent: words }));
    return line;
  });
  const grid = document.createElement('table');
  grid.append(...lines);
  tip.replaceChildren(grid);
  const beside = (at, size, edge) => (at + BESIDE + size > edge ? Math.max(0, at - BESIDE - size) : at + BESIDE);
  tip.style.left = beside(event.clientX, tip.offsetWidth, innerWidth) + 'px';
  tip.style.top = beside(event.clientY, tip.offsetHeight, innerHeight) + 'px';
}
// A label that is cut says the whole name under the pointer, too.
document.addEventListener('mouseover', ({ target }) => {
  const chart = target.closest?.('.chart');
  const item = target.__data__?.mark ? target.__data__ : undefined;
  const name = item?.mark.marktype === 'text' ? item.datum?.value : undefined;
  if (chart) chart.title = typeof name === 'string' && wholeName(name) !== item.text ? wholeName(name) : '';
});
// A chart is as wide as its column leaves it beside its axis, its legend and its menu; on a narrow page the legend is below.
const WIDEST = 900;
const main = document.querySelector('main');
const columnWidth = () => parseFloat(getComputedStyle(main).gridTemplateColumns) || main.clientWidth;
const narrow = () => columnWidth() < 480;
const plotWidth = () => Math.max(200, Math.min(WIDEST, Math.round(columnWidth() - (narrow() ? 110 : 235))));
// Two panels beside each other, or one plot, have the whole page, if it is wide.
const pageWidth = () => Math.min(1100, main.clientWidth - 140);
const panelWidth = () => Math.min(520, Math.round((main.clientWidth - 230) / 2));
const MENU = 38;
// The spec with its own widths, narrower by a factor where the chart would not fit; legends below a narrow page have one column.
const withWidths = (spec, by = 1) => {
  const small = narrow();
  const widths = { ${WIDTH}: plotWidth(), ${PANEL}: small ? plotWidth() : panelWidth(), ${PAGE}: small ? plotWidth() : pageWidth() };
  const walked = (value, key) => {
    if (key === 'width' && typeof value === 'number') return Math.round((widths[value] ?? value) * by);
    if (key === 'width' && value.step) return { step: value.step * by };
    if (key === 'columns' && small) return 1;
    if (key === 'labelLimit' && small) return 150;
    if (key === 'data' || key === 'mark' || typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((one) => walked(one, ''));
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, walked(part, name)]));
  };
  return walked(spec, '');
};
let drawnFor = 0;
async function draw() {
  const mine = ++turn;
  drawnFor = columnWidth();
  const ink = getComputedStyle(document.documentElement).getPropertyValue('--ink').trim();
  const line = getComputedStyle(document.documentElement).getPropertyValue('--line').trim();
  const config = { background: null, view: { stroke: line }, rule: { color: ink }, text: { color: ink },
    axis: { ...(narrow() ? { labelFontSize: 8 } : {}), labelColor: ink, titleColor: ink, gridColor: line, domainColor: line, tickColor: line },
    legend: { ...(narrow() ? { orient: 'bottom', direction: 'vertical' } : {}), labelColor: ink, titleColor: ink, symbolBaseFillColor: ink, symbolBaseStrokeColor: ink }, header: { labelColor: ink, titleColor: ink } };
  for (const view of views) view.finalize();
  // The page's policy allows no code from text: expressions are interpreted (ast), and styles are the page's own.
  const options = { config, ast: true, tooltip: tell, defaultStyle: false, forceActionsMenu: true,
    renderer: many ? 'canvas' : 'svg', actions: { export: { svg: true, png: true }, source: false, compiled: false, editor: false } };
  const drawn = await Promise.all(charts.map(async ({ id, spec }) => {
    const place = document.getElementById(id + '-chart');
    const widthOf = () => place.querySelector('svg.marks, canvas').getBoundingClientRect().width;
    const room = main.clientWidth - MENU;
    let by = 1;
    let full;
    for (let tries = 0; ; tries++) {
      const found = await vegaEmbed(place, withWidths(spec, by), options);
      const width = widthOf();
      if (width <= room || tries === 2) return found;
      found.view.finalize();
      // What is no plot stays as wide as it is; two drawings tell how much that is.
      if (tries === 0) [full, by] = [width, 0.8];
      else {
        const fixed = (width - by * full) / (1 - by);
        by = Math.max(0.15, Math.min(by, (room - 2 - fixed) / (full - fixed)));
      }
    }
  }));
  // The reader may have changed colours again meanwhile.
  if (mine !== turn) return drawn.forEach(({ view }) => view.finalize());
  views = drawn.map(({ view }) => view);
  // What is wider than a column takes the whole page, if it has two.
  for (const { id } of charts)
    document.getElementById(id).classList.toggle('wide', document.getElementById(id + '-chart').offsetWidth > drawnFor + 1);
  linked = views.filter((_, i) => picks[i]);
  await Promise.all(views.map(choose));
  await pick(picked);
  for (const view of linked) {
    view.addDataListener(PICKED, (_, now) => {
      if (picker) picker.value = now.length === 1 ? now[0].values[0] : '';
      pick(now);
    });
    // A click beside all marks forgets the pick, whichever chart it was made in; a view knows its own picks alone.
    view.addEventListener('click', (_, item) => { if (!item?.datum) pick([]); });
  }
}
const SHOWN = 500;
function fill(table, rows, headings) {
  const names = [...new Set(rows.flatMap(Object.keys))];
  const shown = rows.slice(0, SHOWN);
  const texts = new Map(names.map((name) => [name, columnTexts(shown.map((values) => values[name]))]));
  const row = (kind, texts, numbers = []) => {
    const line = document.createElement('tr');
    for (const [i, cell] of texts.map((words) => Object.assign(document.createElement(kind), { textContent: words, title: wholeNames.get(words) ?? '' })).entries()) {
      if (kind === 'th') cell.scope = 'col';
      if (numbers[i]) cell.className = 'number';
      line.append(cell);
    }
    return line;
  };
  const grid = document.createElement('table');
  grid.createTHead().append(row('th', names.map((name) => headings[name] ?? name)));
  grid.createTBody().append(...shown.map((values, i) => row('td', names.map((name) => texts.get(name)[i]), names.map((name) => typeof values[name] === 'number'))));
  table.replaceChildren(grid);
  if (rows.length > SHOWN) table.prepend('The first ' + SHOWN + ' of ' + rows.length + ' rows; the file below has what they come from.');
}
for (const { id, spec, headings } of charts) {
  const details = document.getElementById(id + '-data');
  details.addEventListener('toggle', () => fill(details.querySelector('.scroll'), spec.data.values, headings), { once: true });
}
dark.addEventListener('change', draw);
let waiting;
addEventListener('resize', () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => { if (columnWidth() !== drawnFor && !matchMedia('print').matches) draw(); }, 200);
});
for (const choice of choices) choice.addEventListener('change', () => Promise.all(views.map(choose)));
picker?.addEventListener('change', () => pick(pickOf(picker)));
draw().then(() => { document.documentElement.dataset.drawn = 'true'; });
`;

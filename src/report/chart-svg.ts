import { specWithShownNames } from './chart-names.ts';
import type { ChartSpec } from './chart-parts.ts';
import { withLegendColumns, withWidths } from './view-widths.ts';

/** Points of print for a CSS pixel. */
const POINTS = 0.75;

const pixels = (points: number): number => points / POINTS;

/** Widths of a paper, in points: of a column (3.5 inches) and of the page (7.17 inches). */
export const PAPER_WIDTHS = [252, 516] as const;

/** Narrowest plot of a column, pixels, and the least share of their width that bars and cells keep. */
const LEAST_PLOT = 130;
const LEAST_STEP = 0.55;
/** The same on a page, which is as wide as a paper gets. */
const LEAST_STEP_OF_PAGE = 0.25;

/** A picture may be so much narrower than its place, pixels; where that cannot be, because many bars grow together, it has this share of it. */
const CLOSE = 6;
const NEAR = 0.95;

/** Letters of 7 and 8 points, thin lines, and the legend below, where it takes no width from the chart. */
const PAPER = {
  font: 'Helvetica, Arial, sans-serif',
  padding: 2,
  axis: { labelFontSize: pixels(7), titleFontSize: pixels(8), titleFontWeight: 'normal', titlePadding: 4 },
  legend: {
    ...{ orient: 'bottom', direction: 'horizontal', offset: 6, rowPadding: 1 },
    ...{ labelFontSize: pixels(7), titleFontSize: pixels(8), titleFontWeight: 'normal', symbolLimit: 24 },
  },
  header: { labelFontSize: pixels(7), titleFontSize: pixels(8), titleFontWeight: 'normal' },
  text: { fontSize: pixels(7) },
} as const;

const points = (pixels: string, by: number): number => Number((Number(pixels) * POINTS * by).toFixed(2));

/** The size of a picture in points: so it is as large in a paper as its letters are meant for. */
const inPoints = (svg: string, by = 1): string =>
  svg.replace(
    /^(<svg[^>]*?) width="([\d.]+)" height="([\d.]+)"/,
    (_, head: string, width: string, height: string) =>
      `${head} width="${points(width, by)}pt" height="${points(height, by)}pt"`,
  );

/** A drawn picture with its size in points: as wide as the column or the page, where it is wider than these less a fifth. */
export function onPaper(svg: string): string {
  const natural = widthOf(svg) * POINTS;
  const place = PAPER_WIDTHS.find((width) => natural <= width) ?? PAPER_WIDTHS[1];
  const by = natural > 0.8 * place ? place / natural : 1;
  return inPoints(svg, by);
}

const widthOf = (svg: string): number => Number(/^<svg[^>]*? width="([\d.]+)"/.exec(svg)![1]);

/**
 * A chart as the text of a stand-alone SVG picture for a paper: 252 points wide (a column), or 516 (the page) where its
 * plots, bars or names need it; letters of 7 and 8 points. Its expressions are interpreted, never compiled to code. Loads vega,
 * which takes a while: call it only for a picture that the user wants.
 */
export async function chartSvg(spec: ChartSpec): Promise<string> {
  const vega = await loadVega();
  const shown = specWithShownNames(spec);
  for (const paper of PAPER_WIDTHS)
    for (const columns of [3, 2, 1]) {
      const drawn = await fitted(
        withLegendColumns(shown, columns),
        pixels(paper),
        createDrawing(vega, columns),
      );
      if (drawn === 'narrow plots') break;
      if (drawn !== 'wide names') return `${inPoints(drawn)}\n`;
    }
  return `${inPoints(await createDrawing(vega, 1)(withLegendColumns(shown, 1)))}\n`;
}

/** The chart whose plots are as wide as the place leaves them, or why there is none. */
async function fitted(
  spec: ChartSpec,
  place: number,
  draw: Drawing,
): Promise<'narrow plots' | 'wide names' | (string & {})> {
  const leastStep = place > pixels(PAPER_WIDTHS[0]) ? LEAST_STEP_OF_PAGE : LEAST_STEP;
  const scaled = (by: number): { fits: boolean; spec: ChartSpec } => {
    let fits = true;
    const own = withWidths(spec, (width, each) => {
      const scaled = Math.floor(width * by * 10) / 10;
      fits &&= each ? by >= leastStep : scaled >= LEAST_PLOT;
      return scaled;
    });
    return { fits, spec: own };
  };
  let by = place / BEGIN;
  let best: Awaited<ReturnType<typeof fitted>> = 'wide names';
  let widest = 0;
  let [before, wide] = [1, widthOf(await draw(scaled(1).spec))];
  for (let tries = 0; tries < TRIES; tries++) {
    const next = scaled(by);
    const svg = await draw(next.spec);
    const width = widthOf(svg);
    if (width <= place && width > widest) [best, widest] = [next.fits ? svg : 'narrow plots', width];
    if (widest > place - CLOSE) break;
    const slope = (width - wide) / (by - before);
    // Something else than the plots is wider than the place: names of a legend. Or bars grow by whole pixels.
    if (!(slope > 0)) break;
    [before, wide] = [by, width];
    by += (place - CLOSE / 2 - width) / slope;
    if (!(by > 0)) break;
  }
  return widest > NEAR * place ? best : 'wide names';
}

/** Where the search for the width begins, and how often it tries. */
const BEGIN = 900;
const TRIES = 12;

type Drawing = (spec: ChartSpec) => Promise<string>;

async function loadVega() {
  const { compile } = await import('vega-lite');
  const { parse, View } = await import('vega');
  const { expressionInterpreter } = await import('vega-interpreter');
  return { compile, parse, View, expressionInterpreter };
}

function createDrawing(vega: Awaited<ReturnType<typeof loadVega>>, columns: number): Drawing {
  const { compile, parse, View, expressionInterpreter } = vega;
  const config = { ...PAPER, legend: { ...PAPER.legend, columns } };
  const options = { config } as unknown as Parameters<typeof compile>[1];
  return (spec) => {
    const compiled = compile(spec as unknown as Parameters<typeof compile>[0], options).spec;
    const runtime = parse(compiled, undefined, { ast: true });
    return new View(runtime, { renderer: 'none', expr: expressionInterpreter }).toSVG();
  };
}

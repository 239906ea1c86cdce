import { specWithShownNames } from './chart-names.ts';
import { type ChartSpec, withWidth } from './chart-parts.ts';

/** Points of print for a CSS pixel. */
const POINTS = 0.75;

/** Width of what a chart draws: with its axis it fits the column of a paper, 3.5 inches (252 points). */
const COLUMN_PLOT = 255;

const pixels = (points: number): number => points / POINTS;

/** Letters of 7 and 8 points, thin lines, and the legend below, where it takes no width from the chart. */
const PAPER = {
  font: 'Helvetica, Arial, sans-serif',
  padding: 2,
  axis: { labelFontSize: pixels(7), titleFontSize: pixels(8), titleFontWeight: 'normal', titlePadding: 4 },
  legend: {
    ...{ orient: 'bottom', direction: 'horizontal', columns: 3, offset: 6, rowPadding: 1 },
    ...{ labelFontSize: pixels(7), titleFontSize: pixels(8), titleFontWeight: 'normal', symbolLimit: 24 },
  },
  header: { labelFontSize: pixels(7), titleFontSize: pixels(8), titleFontWeight: 'normal' },
  text: { fontSize: pixels(7) },
} as const;

/** The size of a picture in points: so it is as large in a paper as its letters are meant for. */
const inPoints = (svg: string): string =>
  svg.replace(
    /^(<svg[^>]*?) width="([\d.]+)" height="([\d.]+)"/,
    (_, head: string, width: string, height: string) =>
      `${head} width="${Number(width) * POINTS}pt" height="${Number(height) * POINTS}pt"`,
  );

/**
 * A chart as the text of a stand-alone SVG picture, for the column of a paper: letters of 7 and 8 points. Its expressions
 * are interpreted, never compiled to code. Loads vega, which takes a while: call it only for a picture that the user
 * wants.
 */
export async function chartSvg(spec: ChartSpec): Promise<string> {
  const { compile } = await import('vega-lite');
  const { parse, View } = await import('vega');
  const { expressionInterpreter } = await import('vega-interpreter');
  const shown = withWidth(specWithShownNames(spec), COLUMN_PLOT);
  const options = { config: PAPER } as unknown as Parameters<typeof compile>[1];
  const compiled = compile(shown as unknown as Parameters<typeof compile>[0], options).spec;
  const runtime = parse(compiled, undefined, { ast: true });
  const svg = await new View(runtime, { renderer: 'none', expr: expressionInterpreter }).toSVG();
  return `${inPoints(svg)}\n`;
}

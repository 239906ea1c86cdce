import type { ChartSpec } from './chart-parts.ts';

/** A chart as the text of a stand-alone SVG picture. Loads vega, which takes a while: call it only for a picture that the user wants. */
export async function chartSvg(spec: ChartSpec): Promise<string> {
  const { compile } = await import('vega-lite');
  const { parse, View } = await import('vega');
  const compiled = compile(spec as unknown as Parameters<typeof compile>[0]).spec;
  return `${await new View(parse(compiled), { renderer: 'none' }).toSVG()}\n`;
}

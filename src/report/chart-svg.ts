import { specWithShownNames } from './chart-names.ts';
import type { ChartSpec } from './chart-parts.ts';

/**
 * A chart as the text of a stand-alone SVG picture. Its expressions are interpreted, never compiled to code. Loads vega,
 * which takes a while: call it only for a picture that the user wants.
 */
export async function chartSvg(spec: ChartSpec): Promise<string> {
  const { compile } = await import('vega-lite');
  const { parse, View } = await import('vega');
  const { expressionInterpreter } = await import('vega-interpreter');
  const shown = specWithShownNames(spec);
  const compiled = compile(shown as unknown as Parameters<typeof compile>[0]).spec;
  const runtime = parse(compiled, undefined, { ast: true });
  return `${await new View(runtime, { renderer: 'none', expr: expressionInterpreter }).toSVG()}\n`;
}

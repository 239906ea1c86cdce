import { type Markup, markup } from './markup.ts';
import { svg } from './svg.ts';

/** One spike: a step of the presentation, and the input or neuron. */
export interface Spike {
  readonly step: number;
  readonly unit: number;
}

const STEP = 6;
const LEFT = 60;
const PANEL = 260;
const SPACE = 46;

/** Input spikes above, the neurons' spikes below, over the steps of one presentation, as SVG. */
export function rasterSvg(
  input: { readonly units: number; readonly spikes: readonly Spike[] },
  output: { readonly units: number; readonly spikes: readonly Spike[] },
  steps: number,
  title: string,
): string {
  const parts: Markup[] = [];
  const width = LEFT + steps * STEP + 20;
  const panel = (
    top: number,
    name: string,
    { units, spikes }: typeof input,
    radius: number,
    colour: string,
  ): void => {
    const y = (unit: number): number => top + PANEL - ((unit + 0.5) / units) * PANEL;
    parts.push(
      markup`<rect x="${LEFT}" y="${top}" width="${steps * STEP}" height="${PANEL}" fill="none" stroke="#d1d9e0"/>`,
      markup`<text x="${LEFT}" y="${top - 8}">${name}: ${spikes.length} spikes of ${units}</text>`,
      markup`<text x="${LEFT - 8}" y="${top + PANEL}" text-anchor="end">0</text>`,
      markup`<text x="${LEFT - 8}" y="${top + 10}" text-anchor="end">${units - 1}</text>`,
      markup`<g fill="${colour}">
${spikes.map(
  ({ step, unit }) =>
    markup`<circle cx="${LEFT + (step + 0.5) * STEP}" cy="${y(unit).toFixed(1)}" r="${radius}"/>`,
)}
</g>`,
    );
  };
  panel(36, 'inputs', input, 0.9, '#59636e');
  panel(36 + PANEL + SPACE, 'neurons', output, 2.2, '#cf222e');
  const bottom = 36 + 2 * PANEL + SPACE;
  for (let step = 0; step <= steps; step += 20)
    parts.push(
      markup`<text x="${LEFT + step * STEP}" y="${bottom + 18}" text-anchor="middle">${step}</text>`,
    );
  parts.push(
    markup`<text x="${LEFT + (steps * STEP) / 2}" y="${bottom + 36}" text-anchor="middle">step; ${title}</text>`,
  );
  return svg(width, bottom + 48, parts);
}

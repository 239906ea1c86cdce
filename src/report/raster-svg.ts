import { type Markup, markup } from './markup.ts';
import { svg } from './svg.ts';

/** One spike: a step of the presentation, and the input or neuron. */
export interface Spike {
  readonly step: number;
  readonly unit: number;
}

/** Spikes of one layer. */
export interface RasterPanel {
  readonly name: string;
  readonly units: number;
  readonly spikes: readonly Spike[];
  /** Whether they are the input. */
  readonly input?: boolean;
}

const STEP = 6;
const LEFT = 60;
const PANEL = 260;
const SPACE = 46;
const TOP = 36;
/** Pixels over which a few steps are spread. */
const LEAST_WIDTH = 480;
/** Steps from one number to the next. */
const NUMBERED = 20;

/** Input spikes above, the neurons' spikes below, over the steps of one presentation, as SVG. */
export const rasterSvg = (
  input: Pick<RasterPanel, 'units' | 'spikes'>,
  output: Pick<RasterPanel, 'units' | 'spikes'>,
  steps: number,
  title: string,
): string =>
  drawPanels(
    [
      { ...input, name: 'inputs', input: true },
      { ...output, name: 'neurons' },
    ],
    steps,
    title,
    STEP,
  );

/** The spikes of all layers, the first above, over the steps of one presentation, as SVG. */
export const layeredRasterSvg = (panels: readonly RasterPanel[], steps: number, title: string): string =>
  drawPanels(panels, steps, title, Math.max(STEP, Math.floor(LEAST_WIDTH / steps)));

function drawPanels(panels: readonly RasterPanel[], steps: number, title: string, stepWidth: number): string {
  const parts: Markup[] = [];
  const width = LEFT + steps * stepWidth + 20;
  const panel = (top: number, { name, units, spikes, input }: RasterPanel): void => {
    const radius = input ? 0.9 : 2.2;
    const colour = input ? '#59636e' : '#cf222e';
    const y = (unit: number): number => top + PANEL - ((unit + 0.5) / units) * PANEL;
    parts.push(
      markup`<rect x="${LEFT}" y="${top}" width="${steps * stepWidth}" height="${PANEL}" fill="none" stroke="#d1d9e0"/>`,
      markup`<text x="${LEFT}" y="${top - 8}">${name}: ${spikes.length} spikes of ${units}</text>`,
      markup`<text x="${LEFT - 8}" y="${top + PANEL}" text-anchor="end">0</text>`,
      markup`<text x="${LEFT - 8}" y="${top + 10}" text-anchor="end">${units - 1}</text>`,
      markup`<g fill="${colour}">
${spikes.map(
  ({ step, unit }) =>
    markup`<circle cx="${LEFT + (step + 0.5) * stepWidth}" cy="${y(unit).toFixed(1)}" r="${radius}"/>`,
)}
</g>`,
    );
  };
  for (const [i, each] of panels.entries()) panel(TOP + i * (PANEL + SPACE), each);
  const bottom = TOP + panels.length * (PANEL + SPACE) - SPACE;
  const numbered = steps > 2 * NUMBERED ? NUMBERED : Math.max(1, NUMBERED / 4);
  for (let step = 0; step <= steps; step += numbered)
    parts.push(
      markup`<text x="${LEFT + step * stepWidth}" y="${bottom + 18}" text-anchor="middle">${step}</text>`,
    );
  parts.push(
    markup`<text x="${LEFT + (steps * stepWidth) / 2}" y="${bottom + 36}" text-anchor="middle">step; ${title}</text>`,
  );
  return svg(width, bottom + 48, parts);
}

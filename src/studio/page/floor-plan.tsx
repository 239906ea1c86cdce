import { useCallback } from 'preact/hooks';
import type { PlanView } from '../messages.ts';
import { Canvas } from './canvas.tsx';
import { rate, whole } from './format.ts';
import { type Colours, coloursOf, useDark } from './theme.ts';

/** Sequential scale, dark to light with rising error rate; it reads in grey as well (after viridis). */
const SCALE = [
  [68, 1, 84],
  [65, 68, 135],
  [42, 120, 142],
  [34, 168, 132],
  [122, 209, 81],
  [253, 231, 37],
] as const;

const TILE = { height: 8, gap: 3 } as const;
const MARGIN = { left: 44, top: 34, bottom: 8 } as const;
const LEGEND = 92;
/** Bitmap pixels a pixel of the page, for sharp lines on dense screens. */
const DENSE = 2;
const WIDTH = 620;

/** The colour of a rate between two powers of ten. */
function colourOf(value: number, low: number, high: number): string {
  const place = Math.min(1, Math.max(0, (Math.log10(value) - low) / (high - low))) * (SCALE.length - 1);
  const left = Math.min(SCALE.length - 2, Math.floor(place));
  const share = place - left;
  const mix = [0, 1, 2].map((i) => Math.round(SCALE[left]![i]! * (1 - share) + SCALE[left + 1]![i]! * share));
  return `rgb(${mix.join(' ')})`;
}

function rangeOfRates(ber: Float64Array): readonly [number, number] {
  const logs = Array.from(ber)
    .filter((value) => value > 0)
    .map(Math.log10);
  if (logs.length === 0) return [-1, 0];
  const low = Math.floor(logs.reduce((a, b) => Math.min(a, b)));
  return [low, Math.max(low + 1, Math.ceil(logs.reduce((a, b) => Math.max(a, b))))];
}

/** The chip from above: banks side by side, subarrays from row 0 downwards, by expected bit error rate; outlined where weights lie. */
export function FloorPlan({ plan }: { readonly plan: PlanView }) {
  const colours = coloursOf(useDark());
  const { banks, subarraysPerBank, ber, placedBytes } = plan;
  const column = (WIDTH - MARGIN.left - LEGEND) / banks.length;
  const tall = subarraysPerBank > 64 ? TILE.height / 2 : TILE.height;
  const height = MARGIN.top + Math.max(150, subarraysPerBank * tall) + MARGIN.bottom;
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      context.save();
      context.scale(DENSE, DENSE);
      drawPlan(context, plan, colours, column, tall);
      context.restore();
    },
    [plan, colours.ink],
  );
  const says = useCallback(
    (x: number, y: number) => {
      const bank = Math.floor((x / DENSE - MARGIN.left) / column);
      const subarray = Math.floor((y / DENSE - MARGIN.top) / tall);
      if (bank < 0 || bank >= banks.length || subarray < 0 || subarray >= subarraysPerBank) return undefined;
      const index = bank * subarraysPerBank + subarray;
      const bytes = placedBytes[index]!;
      return `bank ${banks[bank]}, subarray ${subarray}: bit error rate ${rate(ber[index]!)}${bytes > 0 ? `; ${whole(bytes)} bytes of weights` : ''}`;
    },
    [plan],
  );
  const holding = placedBytes.reduce((count, bytes) => count + (bytes > 0 ? 1 : 0), 0);
  const label = `Floor plan: ${banks.length} banks of ${subarraysPerBank} subarrays by expected bit error rate, the worst ${rate(ber.reduce((a, b) => Math.max(a, b), 0))}; ${holding} subarrays hold weights.`;
  return (
    <Canvas
      class="plan"
      label={label}
      width={DENSE * WIDTH}
      height={DENSE * height}
      draw={draw}
      says={says}
    />
  );
}

function drawPlan(
  context: CanvasRenderingContext2D,
  { banks, subarraysPerBank, ber, placedBytes }: PlanView,
  { ink, faint, empty, mark, paper }: Colours,
  column: number,
  tall: number,
): void {
  const [low, high] = rangeOfRates(ber);
  const width = column - Math.min(TILE.gap, column / 3);
  const left = (bank: number): number => MARGIN.left + bank * column;
  const top = (subarray: number): number => MARGIN.top + subarray * tall;
  for (let index = 0; index < ber.length; index++) {
    const value = ber[index]!;
    context.fillStyle = value === 0 ? empty : colourOf(value, low, high);
    context.fillRect(
      left(Math.floor(index / subarraysPerBank)),
      top(index % subarraysPerBank),
      width,
      tall - 0.7,
    );
  }
  const outline = (colour: string, lineWidth: number): void => {
    context.strokeStyle = colour;
    context.lineWidth = lineWidth;
    for (let index = 0; index < ber.length; index++)
      if (placedBytes[index]! > 0)
        context.strokeRect(
          left(Math.floor(index / subarraysPerBank)) + 0.6,
          top(index % subarraysPerBank) + 0.3,
          width - 1.2,
          tall - 1.4,
        );
  };
  // A dark line in a light one shows on every colour.
  outline(paper, 2.6);
  outline(mark, 1.4);

  context.font = '11px system-ui, sans-serif';
  context.fillStyle = ink;
  context.fillText('bank', MARGIN.left, 11);
  context.textAlign = 'center';
  const everyBank = Math.ceil(banks.length / (WIDTH / 40));
  banks.forEach((name, bank) => {
    if (bank % everyBank === 0) context.fillText(name, left(bank) + width / 2, MARGIN.top - 8);
  });
  context.textAlign = 'right';
  context.fillStyle = faint;
  const step = Math.max(1, Math.ceil(subarraysPerBank / 12));
  for (let subarray = 0; subarray < subarraysPerBank; subarray += step)
    context.fillText(String(subarray), MARGIN.left - 6, top(subarray) + 7);

  context.textAlign = 'left';
  const x = WIDTH - LEGEND + 14;
  context.fillStyle = ink;
  context.fillText('bit error rate', x, 11);
  const bar = 100;
  for (let i = 0; i < bar; i++) {
    context.fillStyle = colourOf(10 ** (high - ((high - low) * i) / bar), low, high);
    context.fillRect(x, MARGIN.top + i, 12, 1.2);
  }
  context.fillStyle = faint;
  const every = Math.ceil((high - low) / 6);
  for (let power = high; power >= low; power -= every)
    context.fillText(`1e${power}`, x + 18, MARGIN.top + ((high - power) / (high - low)) * bar + 4);
  context.strokeStyle = mark;
  context.lineWidth = 1.4;
  context.strokeRect(x, MARGIN.top + bar + 16, 12, 8);
  context.fillText('weights', x + 18, MARGIN.top + bar + 24);
}

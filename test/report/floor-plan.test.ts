import { describe, expect, it } from 'vitest';
import { floorPlanSvg } from '../../src/report/floor-plan.ts';

const tile = (bank: number, subarray: number, weak: number, channel = 0) => ({
  channel,
  rank: 0,
  bank,
  subarray,
  weak,
  cells: 1_000_000,
});

describe('floorPlanSvg', () => {
  it('draws a tile a subarray, the weaker the brighter, empty ones apart', () => {
    const svg = floorPlanSvg([tile(0, 0, 0), tile(0, 1, 10), tile(1, 0, 1000), tile(1, 1, 100)], 'a <chip>');
    const fills = [...svg.matchAll(/fill="(#[0-9a-f]{6})"><title>bank (\d), subarray (\d): (\d+)/g)].map(
      ([, fill, , , weak]) => [Number(weak), fill],
    );
    expect(fills).toEqual([
      [0, '#f0f0f0'],
      [10, '#440154'],
      [1000, '#fde725'],
      [100, expect.stringMatching(/^#/)],
    ]);
    expect(svg).toContain('a &lt;chip&gt;');
    expect(svg).toContain('1e-5');
    expect(svg).toContain('1e-3');
  });

  it('names channel and rank where there are several', () => {
    expect(floorPlanSvg([tile(0, 0, 1), tile(0, 0, 1, 1)], 't')).toContain('>1.0.0<');
  });

  it('has a scale even without a weak cell', () => {
    expect(floorPlanSvg([tile(0, 0, 0)], 't')).toContain('none');
  });
});

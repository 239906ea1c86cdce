import { describe, expect, it } from 'vitest';
import { curveTable } from '../../src/reproduction/appendix-tables.ts';
import { pointOf } from '../../src/reproduction/reproduction-curves.ts';
import { wilson } from '../../src/stats/wilson.ts';

/** 200 images, of which the first `right` are classified correctly. */
const marks = (right: number): Uint8Array =>
  Uint8Array.from({ length: 200 }, (_, image) => (image < right ? 1 : 0));

describe('a point of the curves of accuracy against bit errors', () => {
  it('has the error of the images where all masks agree', () => {
    const { accuracy, interval, masks } = pointOf(1e-3, 2e-3, [marks(199), marks(199), marks(199)]);
    const { low, high } = wilson(199, 200);
    expect([accuracy, masks]).toEqual([0.995, 3]);
    expect(interval!.low).toBeCloseTo(low, 9);
    expect(interval!.high).toBeCloseTo(high, 9);
  });

  it('is written with its ends, and without where there is one mask', () => {
    const points = [pointOf(1e-3, 2e-3, [marks(199), marks(199)]), pointOf(1e-2, 2e-3, [marks(150)])];
    const curve = { network: 'n400-mnist', format: 'fp32', repair: 'none', clean: 1, points };
    expect(curveTable([curve])).toContain('| FP32, no repair | 99.50 (97.22 to 99.91) | 75.00 |');
  });
});

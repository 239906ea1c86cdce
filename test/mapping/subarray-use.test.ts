import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placementLines, runPlacementLines, sweepPlacementLines } from '../../src/cli/placement-lines.ts';
import { InputError } from '../../src/errors/input-error.ts';
import { mapAssumption } from '../../src/faults/map-assumption.ts';
import { measuredChip } from '../../src/faults/measured-chip.ts';
import { allocateMap, mapShape } from '../../src/faults/weak-cell-map.ts';
import { bytesPerRow } from '../../src/hardware/device.ts';
import { placeWeights } from '../../src/mapping/policy.ts';
import { subarrayUse } from '../../src/mapping/subarray-use.ts';
import { cells, request, requests, shape } from './placement-requests.ts';

describe('a device whose good subarrays are too few', () => {
  const subarrayBer = Float64Array.from({ length: cells(shape) }, (_, i) => 0.00123456 * i);
  const refusal = (over: object): InputError => {
    try {
      placeWeights('sparkxd', request({ subarrayBer, ...over }));
    } catch (error) {
      if (error instanceof InputError) return error;
    }
    throw new Error('was placed');
  };

  it('names the measured map, and another map and a limit that gives room as remedies', () => {
    const { message } = refusal({ measuredMap: 'chip7.csv' });
    expect(message).toMatch(
      /need 5 DRAM rows, but only 4 lie in subarrays .* by the weak-cell map chip7\.csv\n/,
    );
    expect(message).toMatch(
      /raise --ber-limit to 1\.24e-3, give the map of another device, or raise the supply/,
    );
    expect(refusal({}).message).toMatch(
      /of at most 0\.001\n +raise --ber-limit to 1\.24e-3, or raise the supply/,
    );
  });

  it('offers no limit where the device is too small', () => {
    expect(refusal({ imageBytes: 128 * 65 }).message).toMatch(/choose a larger device or a smaller network/);
  });

  it('offers a limit under which the weights do fit', () => {
    fc.assert(
      fc.property(requests, (asked) => {
        const rows = Math.ceil(asked.imageBytes / bytesPerRow(asked.organisation));
        try {
          placeWeights('sparkxd', asked);
        } catch (error) {
          const limit = /--ber-limit to (\S+),/.exec((error as Error).message)?.[1];
          if (limit === undefined) expect((error as Error).message).toContain(`need ${rows} DRAM rows`);
          else expect(() => placeWeights('sparkxd', { ...asked, berLimit: Number(limit) })).not.toThrow();
        }
      }),
      { seed: 4, numRuns: 100 },
    );
  });
});

describe('the subarrays that weights take', () => {
  it('are counted against the limit', () => {
    const subarrayBer = Float64Array.from({ length: cells(shape) }, (_, i) => (i < 2 ? 0 : 1));
    const asked = request({ subarrayBer, imageBytes: 128 * 8 });
    const careful = subarrayUse(placeWeights('sparkxd', asked), asked);
    expect(careful).toEqual({ used: 2, aboveLimit: 0, safe: 2, safeLeft: 0 });
    expect(placementLines('sparkxd', careful, 0.001)).toEqual([
      'all 2 free subarrays within the limit (bit error rate 0.001) hold weights: none is left',
    ]);
    const larger = { ...asked, imageBytes: 128 * 12 };
    const any = subarrayUse(placeWeights('baseline', larger), larger);
    expect(any).toEqual({ used: 3, aboveLimit: 1, safe: 2, safeLeft: 0 });
    expect(placementLines('baseline', any, 0.001)).toEqual([
      '1 of the 3 subarrays with weights are above the limit (bit error rate 0.001)',
    ]);
    expect(placementLines('sparkxd', { used: 2, aboveLimit: 0, safe: 3, safeLeft: 1 }, 0.001)).toEqual([]);

    const points = [
      { supply: 1.1, mapping: 'baseline', use: any },
      { supply: 1.025, mapping: 'baseline', use: { ...any, aboveLimit: 2 } },
      { supply: 1.025, mapping: 'sparkxd', use: careful },
    ] as const;
    expect(runPlacementLines(points, 0.001)).toEqual([
      'baseline: weights lie in subarrays above the limit (bit error rate 0.001) at 1.1, 1.025 V: up to 2 of the 3 subarrays in use',
      'sparkxd: all free subarrays within the limit (bit error rate 0.001) hold weights at 1.025 V: none is left',
    ]);
    expect(sweepPlacementLines(new Map(points.entries()))).toEqual([
      'weights lie in subarrays above the limit of the bit error rate in 2 of 3 points: 0 to 1',
      'all free subarrays within the limit of the bit error rate hold weights in 1 of 3 points: 2',
    ]);
  });
});

it('a measured map says how much it lists and what is assumed of the rest', () => {
  const map = allocateMap(3, mapShape(shape), 1.35, 1.025);
  map.bank.set([0, 0, 2]);
  map.row.set([1, 1, 9]);
  map.bit.set([0, 5, 7]);
  map.failureVoltage.fill(1.1);
  const site = { organisation: shape, supply: { nominal: 1.35 } };
  expect(mapAssumption(measuredChip(map, site, new Uint32Array(4), 'chip7.csv'))).toBe(
    'chip7.csv lists 3 weak cells in 2 of 4 banks, 2 of 16 subarrays, 2 of 64 rows; every other cell of the device, in these rows and in all others, is assumed sound from 1.025 to 1.35 V',
  );
});

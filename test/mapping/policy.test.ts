import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { banksPerRank, bytesPerRow, type Organisation, subarraysPerBank } from '../../src/hardware/device.ts';
import { type PlacementRequest, placeWeights } from '../../src/mapping/policy.ts';

const shape: Organisation = {
  ...{ channels: 1, ranks: 1, bankGroups: 1, banksPerGroup: 4, rows: 16, columns: 32, rowsPerSubarray: 4 },
  ...{ deviceWidth: 32, devicesPerRank: 1, burstLength: 8, dataRate: 2 },
};
const cells = (o: Organisation) => o.channels * o.ranks * banksPerRank(o) * subarraysPerBank(o);
const request = (over: Partial<PlacementRequest> = {}): PlacementRequest => ({
  imageBytes: 600,
  organisation: shape,
  subarrayBer: new Float64Array(cells(shape)),
  berLimit: 1e-3,
  ...over,
});

/** Random shapes, sizes and qualities; some images do not fit. */
const requests = fc
  .record({
    channels: fc.integer({ min: 1, max: 2 }),
    ranks: fc.integer({ min: 1, max: 2 }),
    bankGroups: fc.integer({ min: 1, max: 2 }),
    banksPerGroup: fc.integer({ min: 1, max: 4 }),
    subarrays: fc.integer({ min: 1, max: 4 }),
    rowsPerSubarray: fc.integer({ min: 1, max: 5 }),
    imageBytes: fc.integer({ min: 1, max: 6000 }),
    qualities: fc.array(fc.double({ min: 0, max: 0.01, noNaN: true }), { minLength: 64, maxLength: 64 }),
  })
  .map(({ subarrays, imageBytes, qualities, ...rest }) => {
    const organisation = { ...shape, ...rest, rows: subarrays * rest.rowsPerSubarray };
    return request({
      organisation,
      imageBytes,
      subarrayBer: Float64Array.from(qualities.slice(0, cells(organisation))),
    });
  });

describe.each(['baseline', 'sparkxd'] as const)('the %s mapping', (policy) => {
  it('gives every byte of the image a place of its own, in image order', () => {
    fc.assert(
      fc.property(requests, (asked) => {
        let placement: ReturnType<typeof placeWeights>;
        try {
          placement = placeWeights(policy, asked);
        } catch (error) {
          expect((error as Error).name).toBe('InputError');
          return;
        }
        const rowBytes = bytesPerRow(asked.organisation);
        const taken = new Set<string>();
        let next = 0;
        for (let i = 0; i < placement.stretches; i++) {
          expect(placement.imageByte[i]).toBe(next);
          expect(placement.byteInRow[i]! + placement.bytes[i]!).toBeLessThanOrEqual(rowBytes);
          const place = [placement.channel[i], placement.rank[i], placement.bank[i], placement.row[i]].join();
          expect(taken.has(place)).toBe(false);
          taken.add(place);
          next += placement.bytes[i]!;
        }
        expect(next).toBe(asked.imageBytes);
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});

describe('the baseline mapping', () => {
  it('fills a bank row by row', () => {
    const { bank, row } = placeWeights('baseline', request({ imageBytes: 128 * 18 }));
    expect([...row.slice(0, 3)]).toEqual([0, 1, 2]);
    expect([bank[15], bank[16], row[16]]).toEqual([0, 1, 0]);
  });
  it('says when the device is too small', () => {
    expect(() => placeWeights('baseline', request({ imageBytes: 128 * 65 }))).toThrow(
      /65 DRAM rows, more than/,
    );
  });
});

describe("SparkXD's mapping", () => {
  it('goes through columns, then banks, then rows of the subarray, then subarrays', () => {
    const { bank, row } = placeWeights('sparkxd', request({ imageBytes: 128 * 17 }));
    expect([...bank.slice(0, 6)]).toEqual([0, 1, 2, 3, 0, 1]);
    expect([...row.slice(0, 6)]).toEqual([0, 0, 0, 0, 1, 1]);
    expect([bank[16], row[16]]).toEqual([0, 4]);
  });
  it('uses only subarrays under the limit', () => {
    fc.assert(
      fc.property(requests, (asked) => {
        let placement: ReturnType<typeof placeWeights>;
        try {
          placement = placeWeights('sparkxd', asked);
        } catch {
          const safe = asked.subarrayBer.filter((ber) => ber <= asked.berLimit).length;
          const rows = Math.ceil(asked.imageBytes / bytesPerRow(asked.organisation));
          expect(safe * asked.organisation.rowsPerSubarray).toBeLessThan(rows);
          return;
        }
        const { organisation, subarrayBer, berLimit } = asked;
        const subarrays = subarraysPerBank(organisation);
        for (let i = 0; i < placement.stretches; i++) {
          const rank = placement.channel[i]! * organisation.ranks + placement.rank[i]!;
          const bank = rank * banksPerRank(organisation) + placement.bank[i]!;
          const subarray = Math.floor(placement.row[i]! / organisation.rowsPerSubarray);
          expect(subarrayBer[bank * subarrays + subarray]).toBeLessThanOrEqual(berLimit);
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });
  it('says how much is safe when that is too little', () => {
    const subarrayBer = new Float64Array(cells(shape)).fill(1);
    subarrayBer[5] = 1e-4;
    expect(() => placeWeights('sparkxd', request({ subarrayBer }))).toThrow(/5 DRAM rows, but only 4 lie in/);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placedBytes } from '../../src/mapping/placed-bytes.ts';
import { MAPPING_POLICIES, placeWeights } from '../../src/mapping/policy.ts';

const organisation = {
  ...{ channels: 2, ranks: 2, bankGroups: 1, banksPerGroup: 2, rows: 32, columns: 64, rowsPerSubarray: 8 },
  ...{ deviceWidth: 16, devicesPerRank: 1, burstLength: 8, dataRate: 2 },
};
const SUBARRAYS = 2 * 2 * 2 * 4;

describe('placedBytes', () => {
  it('counts each byte of an image once, in the subarray where its stretch lies', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MAPPING_POLICIES),
        fc.integer({ min: 1, max: 200 }),
        (policy, bursts) => {
          const imageBytes = bursts * 16;
          const placement = placeWeights(policy, {
            ...{ imageBytes, organisation, berLimit: 1, occupied: 0 },
            subarrayBer: new Float64Array(SUBARRAYS),
            contents: [
              {
                name: 'weight',
                firstByte: 0,
                rowStride: 16,
                fragileBytes: 8,
                fragility: new Float64Array(bursts),
              },
            ],
          });
          const slow = new Map<number, number>();
          for (let i = 0; i < placement.stretches; i++)
            for (let byte = 0; byte < placement.bytes[i]!; byte++) {
              const [channel, rank, bank] = [placement.channel[i]!, placement.rank[i]!, placement.bank[i]!];
              const subarray = Math.floor(placement.row[i]! / 8);
              const number = channel * 16 + rank * 8 + bank * 4 + subarray;
              slow.set(number, (slow.get(number) ?? 0) + 1);
            }
          const counted = placedBytes(placement, organisation);
          expect(counted).toEqual(slow);
          expect([...counted.values()].reduce((a, b) => a + b, 0)).toBe(imageBytes);
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });
});

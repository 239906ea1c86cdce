import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bankAt,
  bankCount,
  bankIndex,
  bankLevels,
  bankOfSubarray,
  rankIndex,
  rowAt,
  rowIndex,
  subarrayAt,
  subarrayCount,
  subarrayIndex,
} from '../../src/hardware/bank-index.ts';
import type { Organisation } from '../../src/hardware/device.ts';

/** Small random organisations, no level a power of two on purpose or by rule. */
const organisations = fc
  .record({
    channels: fc.integer({ min: 1, max: 3 }),
    ranks: fc.integer({ min: 1, max: 3 }),
    bankGroups: fc.integer({ min: 1, max: 3 }),
    banksPerGroup: fc.integer({ min: 1, max: 3 }),
    subarrays: fc.integer({ min: 1, max: 4 }),
    rowsPerSubarray: fc.integer({ min: 1, max: 5 }),
  })
  .map(
    ({ subarrays, ...rest }): Organisation => ({
      ...rest,
      rows: subarrays * rest.rowsPerSubarray,
      columns: 32,
      deviceWidth: 8,
      devicesPerRank: 1,
      burstLength: 8,
      dataRate: 2,
    }),
  );

describe('indices of banks, subarrays and rows', () => {
  it('count every row of the memory once, channel by channel, rank by rank, bank by bank', () => {
    fc.assert(
      fc.property(organisations, (organisation) => {
        const levels = bankLevels(organisation);
        const { channels, ranks, bankGroups, banksPerGroup, rows, rowsPerSubarray } = organisation;
        let [nextRank, nextBank, nextSubarray, nextRow] = [0, 0, 0, 0];
        for (let channel = 0; channel < channels; channel++)
          for (let rank = 0; rank < ranks; rank++) {
            expect(rankIndex(levels, channel, rank)).toBe(nextRank++);
            for (let bank = 0; bank < bankGroups * banksPerGroup; bank++) {
              expect(bankIndex(levels, channel, rank, bank)).toBe(nextBank++);
              for (let row = 0; row < rows; row++) {
                if (row % rowsPerSubarray === 0) nextSubarray++;
                expect(subarrayIndex(levels, channel, rank, bank, row)).toBe(nextSubarray - 1);
                expect(rowIndex(levels, channel, rank, bank, row)).toBe(nextRow++);
              }
            }
          }
        expect([bankCount(levels), subarrayCount(levels)]).toEqual([nextBank, nextSubarray]);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('lead back to the places that they were made of', () => {
    fc.assert(
      fc.property(
        organisations,
        fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()),
        (organisation, [c, r, b, w]) => {
          const levels = bankLevels(organisation);
          const [channel, rank] = [c % levels.channels, r % levels.ranks];
          const [bank, row] = [b % levels.banks, w % levels.rows];
          const subarray = subarrayIndex(levels, channel, rank, bank, row);
          const ofBank = { channel, rank, bank };
          expect(bankAt(levels, bankIndex(levels, channel, rank, bank))).toEqual(ofBank);
          expect(rowAt(levels, rowIndex(levels, channel, rank, bank, row))).toEqual({ ...ofBank, row });
          expect(subarrayAt(levels, subarray)).toEqual({
            ...ofBank,
            subarray: Math.floor(row / levels.rowsPerSubarray),
          });
          expect(bankOfSubarray(levels, subarray)).toBe(bankIndex(levels, channel, rank, bank));
        },
      ),
      { seed: 2, numRuns: 300 },
    );
  });

  it('give rows that fill no whole subarray a subarray of their own', () => {
    const levels = bankLevels({ channels: 1, ranks: 1, banks: 2, rows: 10, rowsPerSubarray: 4 });
    expect([subarrayIndex(levels, 0, 0, 0, 9), subarrayIndex(levels, 0, 0, 1, 0)]).toEqual([2, 3]);
  });
});

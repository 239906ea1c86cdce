import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countReads } from '../../src/dram/count-reads.ts';
import { burstsPerRow } from '../../src/hardware/device.ts';
import { crookedOrganisation } from '../faults/fixtures.ts';

const columns = burstsPerRow(crookedOrganisation);
const pieces = fc.array(
  fc
    .tuple(fc.nat(1), fc.nat(1), fc.nat(5), fc.nat(47), fc.nat(columns - 1), fc.boolean())
    .chain(([channel, rank, bank, row, column, write]) =>
      fc
        .oneof(fc.integer({ min: 1, max: columns - column }), fc.constant(columns - column))
        .map((count) => ({ channel, rank, bank, row, column, count, write })),
    ),
  { maxLength: 200, size: 'max' },
);

describe('reads counted row by row', () => {
  it('are those that a map of bursts counts, however little is kept', () => {
    fc.assert(
      fc.property(pieces, fc.constantFrom(1, 10, 100, 2 ** 20), (sent, kept) => {
        const expected = new Map<string, number>();
        const found = new Map<string, number>();
        const add = (counts: Map<string, number>, key: string, count: number) =>
          counts.set(key, (counts.get(key) ?? 0) + count);
        const counter = countReads(
          crookedOrganisation,
          (channel, rank, bank, row, reads) => {
            for (const [column, count] of reads().entries())
              if (count > 0) add(found, `${channel} ${rank} ${bank} ${row} ${column}`, count);
          },
          kept,
        );
        for (const { channel, rank, bank, row, column, count, write } of sent) {
          counter.sent(channel, rank, bank, row, column, count, write);
          if (write) continue;
          for (let c = column; c < column + count; c++)
            add(expected, `${channel} ${rank} ${bank} ${row} ${c}`, 1);
        }
        counter.settle();
        expect([...found].sort()).toEqual([...expected].sort());
      }),
    );
  });
});

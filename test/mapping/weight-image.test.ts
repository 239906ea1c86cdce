import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { bytesPerBurst, type Organisation } from '../../src/hardware/device.ts';
import { MAPPING_POLICIES, placeWeights } from '../../src/mapping/policy.ts';
import { weightReads } from '../../src/mapping/requests.ts';
import { layoutRows, padRows } from '../../src/mapping/weight-image.ts';
import { weightRowRuns } from '../../src/mapping/weight-rows.ts';

const shape: Organisation = {
  ...{ channels: 1, ranks: 1, bankGroups: 2, banksPerGroup: 2, rows: 32, columns: 32, rowsPerSubarray: 8 },
  ...{ deviceWidth: 32, devicesPerRank: 1, burstLength: 8, dataRate: 2 },
};
const BURST = bytesPerBurst(shape);

describe('the byte image of weights', () => {
  it('keeps every row at its stride', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(4, 8, 16, 32),
        (rows, neurons, bits) => {
          const layout = layoutRows(rows, Math.ceil((neurons * bits) / 8), BURST);
          const bytes = Uint8Array.from({ length: rows * layout.rowBytes }, (_, i) => 1 + (i % 255));
          const image = padRows(bytes, layout);
          expect(image.length).toBe(layout.imageBytes);
          expect(image.length % BURST).toBe(0);
          expect(image[(rows - 1) * layout.rowStride]).toBe(bytes[(rows - 1) * layout.rowBytes]);
          expect(image.filter((byte) => byte === 0).length).toBe(layout.imageBytes - bytes.length);
          const { rowBytes, rowStride } = layout;
          for (let row = 0; row < rows; row++)
            expect(image.subarray(row * rowStride, row * rowStride + rowBytes)).toEqual(
              bytes.subarray(row * rowBytes, (row + 1) * rowBytes),
            );
        },
      ),
      { seed: 6, numRuns: 100 },
    );
  });

  it('pads rows to whole bursts, as N900 needs', () => {
    expect(layoutRows(784, 3600, 32)).toMatchObject({
      rowBytes: 3600,
      rowStride: 3616,
      imageBytes: 784 * 3616,
    });
    expect(layoutRows(784, 1600, 32)).toMatchObject({
      rowBytes: 1600,
      rowStride: 1600,
      imageBytes: 1_254_400,
    });
  });
});

describe('the reads of weight rows', () => {
  it.each(MAPPING_POLICIES)('fetch exactly the bursts of the row, wherever %s put it', (policy) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.nat(29), { maxLength: 20 }),
        (rows, neurons, asked) => {
          const layout = layoutRows(rows, neurons * 4, BURST);
          const placement = placeWeights(policy, {
            ...{ imageBytes: layout.imageBytes, organisation: shape },
            ...{ subarrayBer: new Float64Array(16).map((_, i) => (i % 3 === 0 ? 1 : 0)), berLimit: 0.5 },
          });
          const mapping = createOrderedMapping(shape, 'row-bank-column');
          const fetched = Uint32Array.from(asked.filter((row) => row < rows));
          const reads = weightReads([fetched], weightRowRuns(layout, placement, shape, mapping), BURST);
          const run = { address: -1, bursts: 0, write: true, arrival: -1 };
          const seen: string[] = [];
          const at = new Int32Array(6);
          while (reads.next(run)) {
            expect(run).toMatchObject({ write: false, arrival: 0 });
            for (let i = 0; i < run.bursts; i++) {
              mapping.decode(run.address / BURST + i, at);
              seen.push([at[2]! * 2 + at[3]!, at[4], at[5]].join());
            }
          }
          // The obvious way: walk the image byte by byte, burst by burst.
          const expected: string[] = [];
          for (const row of fetched)
            for (let byte = row * layout.rowStride; byte < (row + 1) * layout.rowStride; byte += BURST) {
              const i = placement.imageByte.findLastIndex((start) => start <= byte);
              const column = (placement.byteInRow[i]! + byte - placement.imageByte[i]!) / BURST;
              expected.push([placement.bank[i], placement.row[i], column].join());
            }
          expect(seen).toEqual(expected);
        },
      ),
      { seed: 7, numRuns: 100 },
    );
  });
});

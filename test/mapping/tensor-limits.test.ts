import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { bytesPerRow } from '../../src/hardware/device.ts';
import type { Placement } from '../../src/hardware/placement.ts';
import type { TensorContents } from '../../src/mapping/placement-request.ts';
import { type MappingPolicy, placeWeights } from '../../src/mapping/policy.ts';
import { subarrayUse } from '../../src/mapping/subarray-use.ts';
import { layoutTensors, rowOfByte, rowStarts } from '../../src/mapping/weight-image.ts';
import { weightRowRuns } from '../../src/mapping/weight-rows.ts';
import { randomCases } from '../effort.ts';
import { cells, request, shape } from './placement-requests.ts';

const BURST = 32;
const ROW = bytesPerRow(shape);

/** Tensors one after the other, each of rows of some bursts, each with a limit. */
const images = fc
  .array(
    fc.record({
      rows: fc.integer({ min: 1, max: 24 }),
      bursts: fc.integer({ min: 1, max: 6 }),
      fragile: fc.integer({ min: 0, max: 6 }),
      berLimit: fc.constantFrom(0.001, 0.002, 0.004, 0.008),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((drawn) => {
    let firstByte = 0;
    const contents = drawn.map(({ rows, bursts, fragile, berLimit }, k): TensorContents => {
      const tensor = {
        ...{ name: `fc${k}.weight`, firstByte, rowStride: bursts * BURST, berLimit },
        fragileBytes: Math.min(bursts, fragile) * BURST,
        fragility: Float64Array.from({ length: rows }, (_, row) => (row * 7) % 5),
      };
      firstByte += rows * bursts * BURST;
      return tensor;
    });
    return { contents, imageBytes: firstByte };
  });
const rates = fc
  .array(fc.constantFrom(0.0005, 0.0015, 0.003, 0.006, 0.02), {
    minLength: cells(shape),
    maxLength: cells(shape),
  })
  .map((list) => Float64Array.from(list));

/** The error rate of the subarray in which each byte of an image lies. */
function ratesOfBytes({ stretches, bank, row, imageByte, bytes, imageBytes }: Placement, ber: Float64Array) {
  const found = new Float64Array(imageBytes);
  for (let s = 0; s < stretches; s++)
    found.fill(ber[bank[s]! * 4 + Math.floor(row[s]! / 4)]!, imageByte[s]!, imageByte[s]! + bytes[s]!);
  return found;
}

const place = (policy: MappingPolicy, asked: Parameters<typeof placeWeights>[1]): Placement | undefined => {
  try {
    return placeWeights(policy, asked);
  } catch (error) {
    expect((error as Error).message).toMatch(/need \d+ DRAM rows/);
    return undefined;
  }
};

describe('tensors with limits of their own', () => {
  it('lie under eden within their limits, and find room exactly when the rows suffice', () => {
    let placed = 0;
    let refused = 0;
    fc.assert(
      fc.property(images, rates, ({ contents, imageBytes }, subarrayBer) => {
        const placement = place('eden', request({ contents, imageBytes, subarrayBer, berLimit: 0.001 }));
        // Groups of one limit take whole DRAM rows; what is safe for one is safe for all that tolerate more.
        const limits = [...new Set(contents.map(({ berLimit }) => berLimit!))].sort((a, b) => a - b);
        let needed = 0;
        const fits = limits.every((limit) => {
          const own = contents.filter(({ berLimit }) => berLimit === limit);
          needed += Math.ceil(own.reduce((sum, t) => sum + t.rowStride * t.fragility.length, 0) / ROW);
          return needed <= 4 * subarrayBer.filter((rate) => rate <= limit).length;
        });
        expect(placement !== undefined).toBe(fits);
        if (!placement) {
          refused++;
          return;
        }
        placed++;
        const found = ratesOfBytes(placement, subarrayBer);
        for (const { firstByte, rowStride, fragility, berLimit } of contents)
          for (let byte = firstByte; byte < firstByte + rowStride * fragility.length; byte++)
            expect(found[byte]).toBeLessThanOrEqual(berLimit!);
        const limitsOf = contents.map(({ firstByte, rowStride, fragility, berLimit }) => ({
          ...{ firstByte, endByte: firstByte + rowStride * fragility.length, berLimit: berLimit! },
        }));
        const asked = { organisation: shape, subarrayBer, berLimit: 0.001 };
        expect(subarrayUse(placement, asked, limitsOf).aboveLimit).toBe(0);
        const strict = limitsOf.map((limit) => ({ ...limit, berLimit: -1 }));
        const { used, aboveLimit } = subarrayUse(placement, asked, strict);
        expect(aboveLimit).toBe(used);
      }),
      { seed: 41, numRuns: randomCases(150) },
    );
    expect(placed).toBeGreaterThan(randomCases(20));
    expect(refused).toBeGreaterThan(randomCases(10));
  });

  it('have their fragile bytes within their limits under bit-plane', () => {
    let placed = 0;
    fc.assert(
      fc.property(images, rates, ({ contents, imageBytes }, subarrayBer) => {
        const placement = place('bit-plane', request({ contents, imageBytes, subarrayBer }));
        if (!placement) return;
        placed++;
        const found = ratesOfBytes(placement, subarrayBer);
        for (const { firstByte, rowStride, fragileBytes, fragility, berLimit } of contents)
          for (const row of fragility.keys())
            for (let byte = 0; byte < fragileBytes; byte++)
              expect(found[firstByte + row * rowStride + byte]).toBeLessThanOrEqual(berLimit!);
      }),
      { seed: 42, numRuns: randomCases(150) },
    );
    expect(placed).toBeGreaterThan(randomCases(20));
  });

  it('are named when they find no room', () => {
    const tensor = (name: string, firstByte: number, berLimit: number): TensorContents => ({
      ...{ name, firstByte, berLimit, rowStride: 128, fragileBytes: 32, fragility: new Float64Array(20) },
    });
    const subarrayBer = new Float64Array(cells(shape)).fill(0.01, 4);
    const contents = [tensor('fc1.weight', 0, 0.02), tensor('fc2.weight', 2560, 0.001)];
    expect(() => placeWeights('eden', request({ contents, imageBytes: 5120, subarrayBer }))).toThrow(
      /the weights of "fc2.weight" need 20 DRAM rows, but only 16 are left in subarrays with a bit error rate of at most 0.001/,
    );
  });
});

describe('rows of several tensors', () => {
  it('lie where a walk over the image finds them, and are fetched from there', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 100 })), { minLength: 1, maxLength: 5 }),
        fc.constantFrom<MappingPolicy>('baseline', 'bank-interleaved', 'eden'),
        (drawn, policy) => {
          const layout = layoutTensors(
            drawn.map(([rows, rowBytes]) => ({ rows, rowBytes })),
            BURST,
          );
          const starts: number[] = [];
          let byte = 0;
          for (const [rows, rowBytes] of drawn)
            for (let row = 0; row < rows; row++) {
              starts.push(byte);
              for (let within = 0; within < Math.ceil(rowBytes / BURST) * BURST; within++, byte++)
                expect(rowOfByte(layout, byte)).toBe(starts.length - 1);
            }
          expect([...rowStarts(layout)]).toEqual([...starts, byte]);
          expect(layout).toMatchObject({ rows: starts.length, imageBytes: byte });
          if (byte === 0) return;
          const placement = placeWeights(policy, request({ imageBytes: byte }));
          const mapping = createOrderedMapping(shape, 'row-bank-column');
          const runs = weightRowRuns(layout, placement, shape, mapping);
          const at = new Int32Array(6);
          for (const [row, start] of starts.entries()) {
            const places: string[] = [];
            for (let run = runs.start[row]!; run < runs.start[row + 1]!; run++)
              for (let i = 0; i < runs.count[run]!; i++) {
                mapping.decode(runs.burst[run]! + i, at);
                places.push([at[3], at[4], at[5]].join());
              }
            const expected: string[] = [];
            for (let burst = start; burst < (starts[row + 1] ?? byte); burst += BURST) {
              const s = placement.imageByte.findLastIndex((first) => first <= burst);
              const column = (placement.byteInRow[s]! + burst - placement.imageByte[s]!) / BURST;
              expected.push([placement.bank[s], placement.row[s], column].join());
            }
            expect(places).toEqual(expected);
          }
        },
      ),
      { seed: 43, numRuns: randomCases(60) },
    );
  });
});

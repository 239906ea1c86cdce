import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { banksPerRank, bytesPerRow, subarraysPerBank } from '../../src/hardware/device.ts';
import type { Placement } from '../../src/hardware/placement.ts';
import { freeSubarrays } from '../../src/mapping/free-subarrays.ts';
import type { PlacementRequest, TensorContents } from '../../src/mapping/placement-request.ts';
import { MAPPING_POLICIES, placeWeights, safeSubarrays } from '../../src/mapping/policy.ts';
import { randomCases } from '../effort.ts';
import { cells, request, requests, shape } from './placement-requests.ts';

/** Number of the subarray of each stretch. */
const subarraysOf = ({ organisation }: PlacementRequest, placement: Placement): number[] =>
  Array.from(placement.row, (row, i) => {
    const rank = placement.channel[i]! * organisation.ranks + placement.rank[i]!;
    const bank = rank * banksPerRank(organisation) + placement.bank[i]!;
    return bank * subarraysPerBank(organisation) + Math.floor(row / organisation.rowsPerSubarray);
  });

/** A tensor of rows of four bursts whose first is fragile. */
const tensor = (fragility: Float64Array): TensorContents => ({
  ...{ name: 'weight', firstByte: 0, rowStride: 128, fragileBytes: 32, fragility },
});

describe.each(MAPPING_POLICIES)('the %s mapping', (policy) => {
  it('gives every byte of the image a place of its own inside the device, where no other data lies', () => {
    let placed = 0;
    fc.assert(
      fc.property(requests, (asked) => {
        let placement: Placement;
        try {
          placement = placeWeights(policy, asked);
        } catch (error) {
          expect((error as Error).name).toBe('InputError');
          return;
        }
        placed++;
        const { organisation, occupied = 0 } = asked;
        const rowBytes = bytesPerRow(organisation);
        const free = new Set(freeSubarrays(organisation, occupied).map(({ index }) => index));
        for (const subarray of subarraysOf(asked, placement)) expect(free.has(subarray)).toBe(true);
        const taken = new Set<string>();
        let next = 0;
        for (let i = 0; i < placement.stretches; i++) {
          expect(placement.imageByte[i]).toBe(next);
          expect(placement.byteInRow[i]! + placement.bytes[i]!).toBeLessThanOrEqual(rowBytes);
          expect(placement.channel[i]).toBeLessThan(organisation.channels);
          expect(placement.rank[i]).toBeLessThan(organisation.ranks);
          expect(placement.bank[i]).toBeLessThan(banksPerRank(organisation));
          expect(placement.row[i]).toBeLessThan(organisation.rows);
          const row = [placement.channel[i], placement.rank[i], placement.bank[i], placement.row[i]].join();
          for (let b = 0; b < placement.bytes[i]!; b += 32) {
            const place = `${row},${placement.byteInRow[i]! + b}`;
            expect(taken.has(place)).toBe(false);
            taken.add(place);
          }
          next += placement.bytes[i]!;
        }
        expect(next).toBe(asked.imageBytes);
      }),
      { seed: 2, numRuns: randomCases(150) },
    );
    expect(placed).toBeGreaterThan(15);
  });
});

describe('capacity pressure', () => {
  it('takes the whole subarrays of the share, and at a larger share the same and more', () => {
    const free = (share: number) => new Set(freeSubarrays(shape, share).map(({ index }) => index));
    expect([free(0).size, free(0.5).size, free(0.99).size, free(1).size]).toEqual([16, 8, 1, 0]);
    for (const index of free(0.8)) expect(free(0.4).has(index)).toBe(true);
  });
  it('is said when nothing is left', () => {
    expect(() => placeWeights('baseline', request({ occupied: 1 }))).toThrow(
      /more than the device has free \(0\)/,
    );
  });
});

describe('the eden mapping', () => {
  it('puts the least fragile rows into the worst subarrays that are safe', () => {
    const subarrayBer = Float64Array.from({ length: 16 }, (_, i) => i * 1e-4);
    const asked = request({
      ...{ subarrayBer, imageBytes: 128 * 8 },
      contents: [tensor(Float64Array.of(7, 6, 5, 4, 3, 2, 1, 0))],
    });
    const placement = placeWeights('eden', asked);
    const bers = subarraysOf(asked, placement).map((subarray) => subarrayBer[subarray]);
    expect(bers).toEqual(bers.toSorted());
    expect(Math.max(...(bers as number[]))).toBe(1e-3);
  });
});

describe('the bit-plane mapping', () => {
  it('puts fragile bytes into the strongest subarrays and keeps the streams in banks of their own', () => {
    const subarrayBer = Float64Array.from({ length: 16 }, (_, i) => 0.01 * ((i * 5) % 16));
    const asked = request({
      ...{ subarrayBer, imageBytes: 128 * 8, berLimit: 0.02 },
      contents: [tensor(new Float64Array(8))],
    });
    const placement = placeWeights('bit-plane', asked);
    const subarrays = subarraysOf(asked, placement);
    const fragile = subarrays.filter((_, i) => placement.imageByte[i]! % 128 === 0);
    expect(new Set(fragile)).toEqual(new Set([0]));
    for (const [i, subarray] of subarrays.entries())
      if (placement.imageByte[i]! % 128 >= 32) expect(Math.floor(subarray / 4)).not.toBe(0);
  });
  it('says when the fragile bits alone find too few safe rows', () => {
    const contents = [tensor(new Float64Array(8))];
    const subarrayBer = new Float64Array(16).fill(1);
    expect(() => placeWeights('bit-plane', request({ subarrayBer, contents, imageBytes: 1024 }))).toThrow(
      /the fragile bits of the weights need 2 DRAM rows, but only 0/,
    );
  });
});

describe('the energy-optimal mapping', () => {
  it('uses the rank with the most safe subarrays alone, and more only when it is full', () => {
    const organisation = { ...shape, ranks: 2 };
    const subarrayBer = new Float64Array(32);
    subarrayBer[0] = 1;
    const at = (bytes: number) =>
      placeWeights('energy-optimal', request({ organisation, subarrayBer, imageBytes: bytes })).rank;
    expect(new Set(at(128 * 64))).toEqual(new Set([1]));
    expect(new Set(at(128 * 65))).toEqual(new Set([0, 1]));
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
          const safe = safeSubarrays(asked);
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
      { seed: 3, numRuns: randomCases(300) },
    );
  });
  it('says how much is safe when that is too little', () => {
    const subarrayBer = new Float64Array(cells(shape)).fill(1);
    subarrayBer[5] = 1e-4;
    expect(() => placeWeights('sparkxd', request({ subarrayBer }))).toThrow(/5 DRAM rows, but only 4 lie in/);
  });
});

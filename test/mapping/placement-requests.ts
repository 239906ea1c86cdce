import fc from 'fast-check';
import { banksPerRank, type Organisation, subarraysPerBank } from '../../src/hardware/device.ts';
import type { PlacementRequest } from '../../src/mapping/placement-request.ts';

export const shape: Organisation = {
  ...{ channels: 1, ranks: 1, bankGroups: 1, banksPerGroup: 4, rows: 16, columns: 32, rowsPerSubarray: 4 },
  ...{ deviceWidth: 32, devicesPerRank: 1, burstLength: 8, dataRate: 2 },
};
export const cells = (o: Organisation) => o.channels * o.ranks * banksPerRank(o) * subarraysPerBank(o);
export const request = (over: Partial<PlacementRequest> = {}): PlacementRequest => ({
  imageBytes: 600,
  organisation: shape,
  subarrayBer: new Float64Array(cells(shape)),
  berLimit: 1e-3,
  ...over,
});

/** Random shapes, sizes, qualities and pressure; some images do not fit. Half of them say what they hold. */
export const requests = fc
  .record({
    channels: fc.integer({ min: 1, max: 2 }),
    ranks: fc.integer({ min: 1, max: 2 }),
    bankGroups: fc.integer({ min: 1, max: 2 }),
    banksPerGroup: fc.integer({ min: 1, max: 4 }),
    subarrays: fc.integer({ min: 1, max: 4 }),
    rowsPerSubarray: fc.integer({ min: 1, max: 5 }),
    weightRows: fc.integer({ min: 1, max: 40 }),
    bursts: fc.integer({ min: 1, max: 6 }),
    fragileBursts: fc.integer({ min: 0, max: 6 }),
    told: fc.boolean(),
    occupied: fc.constantFrom(0, 0.3, 0.8),
    qualities: fc.array(fc.double({ min: 0, max: 0.01, noNaN: true }), { minLength: 64, maxLength: 64 }),
  })
  .map(({ subarrays, weightRows, bursts, fragileBursts, told, occupied, qualities, ...rest }) => {
    const organisation = { ...shape, ...rest, rows: subarrays * rest.rowsPerSubarray };
    const tensor = {
      ...{ name: 'weight', firstByte: 0 },
      rowStride: bursts * 32,
      fragileBytes: Math.min(bursts, fragileBursts) * 32,
      fragility: Float64Array.from({ length: weightRows }, (_, row) => (row * 7) % 5),
    };
    return request({
      organisation,
      imageBytes: weightRows * bursts * 32,
      subarrayBer: Float64Array.from(qualities.slice(0, cells(organisation))),
      occupied,
      ...(told ? { contents: [tensor] } : {}),
    });
  });

import { describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { DEFAULT_CONTROLLER } from '../../src/dram/controller-options.ts';
import { type RequestRun, replay } from '../../src/dram/replay.ts';
import { banksPerRank, burstsPerRow, bytesPerBurst } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { shippedModels } from '../shipped-models.ts';

/**
 * What closed forms need of a device, in cycles as the standards' tables give them: ACT to RD and to WR, command to first data,
 * a burst, columns of one bank and of two bank groups, activations of two bank groups, a row cycle.
 */
interface Oracle {
  readonly name: string;
  readonly bytes: number;
  readonly toRead: number;
  readonly toWrite: number;
  readonly read: number;
  readonly write: number;
  readonly burst: number;
  readonly ownGroup: number;
  readonly otherGroup: number;
  readonly activations: number;
  readonly rowCycle: number;
}

const ORACLES: readonly Oracle[] = [
  {
    ...{ name: 'ddr3l-1600-8x4gb', bytes: 64, toRead: 11, toWrite: 11, read: 11, write: 8, burst: 4 },
    ...{ ownGroup: 4, otherGroup: 4, activations: 5, rowCycle: 39 },
  },
  {
    ...{ name: 'ddr4-2400-8x8gb', bytes: 64, toRead: 17, toWrite: 17, read: 17, write: 12, burst: 4 },
    ...{ ownGroup: 6, otherGroup: 4, activations: 4, rowCycle: 56 },
  },
  {
    ...{ name: 'lpddr4-4266-8gb', bytes: 32, toRead: 39, toWrite: 39, read: 44, write: 18, burst: 8 },
    ...{ ownGroup: 8, otherGroup: 8, activations: 22, rowCycle: 129 },
  },
  {
    ...{ name: 'ddr5-4800-16gb', bytes: 64, toRead: 34, toWrite: 34, read: 34, write: 32, burst: 8 },
    ...{ ownGroup: 12, otherGroup: 8, activations: 8, rowCycle: 111 },
  },
  {
    ...{ name: 'hbm2-2000-4x8gb', bytes: 32, toRead: 14, toWrite: 12, read: 14, write: 5, burst: 2 },
    ...{ ownGroup: 4, otherGroup: 2, activations: 4, rowCycle: 48 },
  },
];

describe.each(ORACLES)('closed forms on $name', async (oracle) => {
  const { name, toRead, toWrite, read, write, burst, ownGroup, otherGroup, activations, rowCycle } = oracle;
  const device = await loadDevice(name, shippedModels);
  const organisation = { ...device.organisation, channels: 1 };
  const resolved = await resolveTiming(device, device.supply.nominal, 'nominal');
  /** Without refresh, because the closed forms are for accesses alone. */
  const timing = { ...resolved, parameters: { ...resolved.parameters, tREFI: 2 ** 28 } };
  const mapping = createOrderedMapping(organisation, 'row-bank-column');
  const bytes = bytesPerBurst(organisation);
  const { bankGroups } = organisation;
  const at = (group: number, bank: number, row: number, column = 0): number =>
    mapping.encode(0, 0, group, bank, row, column);

  /** Cycles of runs of [first burst, bursts, write?]. */
  function cycles(runs: readonly (readonly [number, number, boolean?])[]): number {
    let next = 0;
    const source = {
      next(request: RequestRun): boolean {
        const given = runs[next++];
        if (!given) return false;
        [request.address, request.bursts] = [given[0] * bytes, given[1]];
        request.write = given[2] ?? false;
        request.arrival = 0;
        return true;
      },
    };
    return replay(organisation, timing, DEFAULT_CONTROLLER, mapping, source).cycles;
  }

  it('a burst has the width that the data sheet says', () => {
    expect(bytes).toBe(oracle.bytes);
    expect(burst).toBe(organisation.burstLength / organisation.dataRate);
  });

  it('a lone read and a lone write take ACT to column, column to data, and a burst', () => {
    expect(cycles([[at(0, 3, 5), 1]])).toBe(toRead + read + burst);
    expect(cycles([[at(0, 3, 5), 1, true]])).toBe(toWrite + write + burst);
  });

  it('row hits of one bank follow each other at the pace of its bank group', () => {
    const hits = burstsPerRow(organisation);
    expect(cycles([[at(0, 0, 0), hits]])).toBe(toRead + (hits - 1) * ownGroup + read + burst);
  });

  it('rows of two bank groups share the bus at the pace of different groups', () => {
    if (bankGroups === 1) return expect(ownGroup).toBe(otherGroup);
    const pairs = 12;
    const turns = Array.from({ length: 2 * pairs }, (_, i) => [at(i % 2, 0, 0, i >> 1), 1] as const);
    // The second group's row opens later than the bus is free where activations lie further apart than columns.
    const second = Math.max(activations, otherGroup);
    expect(cycles(turns)).toBe(toRead + second + (2 * pairs - 2) * otherGroup + read + burst);
  });

  it('rows of one bank follow each other every row cycle', () => {
    const rows = 40;
    const conflicts = Array.from({ length: rows }, (_, row) => [at(0, 1, row), 1] as const);
    expect(cycles(conflicts)).toBe((rows - 1) * rowCycle + toRead + read + burst);
  });

  it('a refresh is due every tREFI, and each bank has one within it with per-bank refresh', () => {
    const { tREFI } = resolved.parameters;
    const { perBankRefreshInterval: interval, banksPerREFpb } = resolved.rules;
    expect(tREFI).toBe(Math.floor((device.timing['tREFI']! * device.clock) / 1000 + 1e-6));
    if (interval === undefined) return;
    expect(interval * (banksPerRank(organisation) / banksPerREFpb)).toBeLessThanOrEqual(tREFI!);
  });
});

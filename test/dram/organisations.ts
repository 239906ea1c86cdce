import type { Organisation } from '../../src/hardware/device.ts';

/** A small memory of bursts of 32 bytes for tests; sizes as given. */
export function organisation(sizes: Partial<Organisation> = {}): Organisation {
  return {
    channels: 1,
    ranks: 1,
    bankGroups: 1,
    banksPerGroup: 4,
    rows: 16,
    columns: 64,
    rowsPerSubarray: 4,
    deviceWidth: 32,
    devicesPerRank: 1,
    burstLength: 8,
    dataRate: 2,
    ...sizes,
  };
}

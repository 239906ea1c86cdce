import type { ChipSite } from '../../src/faults/chip.ts';
import { type ErrorModel, errorModel } from '../../src/faults/error-model.ts';
import type { Organisation } from '../../src/hardware/device.ts';
import type { VoltageProfile } from '../../src/hardware/voltage-profile.ts';

/** A memory small enough to list cell by cell. */
export const smallOrganisation: Organisation = {
  channels: 1,
  ranks: 1,
  bankGroups: 1,
  banksPerGroup: 4,
  rows: 64,
  columns: 32,
  rowsPerSubarray: 16,
  deviceWidth: 8,
  devicesPerRank: 1,
  burstLength: 8,
  dataRate: 2,
};

/** Nothing a power of two: 3 bursts a row, 24 rows a subarray, 2 channels of 2 ranks of 2 groups of 3 banks. */
export const crookedOrganisation: Organisation = {
  channels: 2,
  ranks: 2,
  bankGroups: 2,
  banksPerGroup: 3,
  rows: 48,
  columns: 24,
  rowsPerSubarray: 24,
  deviceWidth: 8,
  devicesPerRank: 1,
  burstLength: 8,
  dataRate: 2,
};

/** 16 Mi cells: enough for rates, quick to walk. */
export const middlingOrganisation: Organisation = {
  ...smallOrganisation,
  banksPerGroup: 8,
  rows: 256,
  rowsPerSubarray: 64,
  columns: 1024,
};

export const siteOf = (organisation: Organisation, nominal = 1.35): ChipSite => ({
  organisation,
  supply: { nominal },
});

/** From 30 % at 1 V to 1e-4 just below 1.35 V, with a plateau: dense enough to see every corner in a small memory. */
export const denseProfile: VoltageProfile = {
  name: 'dense',
  description: 'for tests',
  measuredOn: ['ddr3'],
  publishedFor: [],
  nominal: 1.35,
  members: [
    {
      name: 'only',
      curve: {
        voltages: [1, 1.1, 1.2, 1.25, 1.35],
        log10Ber: [Math.log10(0.3), -1, -2, -2, -4],
        errorFree: 1.35,
      },
      bankWeights: [2, 0.5, 1, 0.5],
    },
  ],
  structure: { spread: 0.8, commonToBanks: 0.5 },
  provenance: [],
};

export const allModels: readonly ErrorModel[] = [
  errorModel(0),
  errorModel(1, { spread: 1.5 }),
  errorModel(2, { spread: 1.2 }),
  errorModel(3, { flipCharged: 0.9, flipDischarged: 0.5, antiRows: 'odd' }),
];

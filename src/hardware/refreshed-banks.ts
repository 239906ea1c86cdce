import type { Device } from './device.ts';

/**
 * The banks of a rank of `banks` that a REFpb to `bank` refreshes, in ascending order: `atOnce` of them, spread evenly, so
 * that each bank belongs to one such set. LPDDR5 refreshes 2 of 16: bank b and bank b + 8 (JESD209-5B, BG mode: REFpb names
 * BG0, BA0 and BA1, and leaves BG1 open). `atOnce` divides `banks`; 1 gives the bank alone.
 */
export function refreshedBanks(banks: number, atOnce: number, bank: number): number[] {
  const sets = banks / atOnce;
  return Array.from({ length: atOnce }, (_, i) => (bank % sets) + i * sets);
}

/** Whether a REFpb of the device refreshes one bank of each of its bank groups, the same in all: DDR5's REFsb. */
export const refreshesSameBanks = ({ standard, organisation }: Device): boolean =>
  organisation.bankGroups > 1 && standard.refresh.banksPerREFpb === organisation.bankGroups;

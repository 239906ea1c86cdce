import type { Volts } from '../units/flavours.ts';

/** What is said once of the published figures that a dagger (†) marks. */
export const FROM_MEMORY = 'quoted from memory of the paper; not checked against it';

/** SparkXD's savings (DAC 2021) against 1.350 V, as shares; `FROM_MEMORY` is said wherever they are shown. */
export interface PublishedSaving {
  readonly supply: Volts;
  /** Energy per access. */
  readonly perAccess: number;
  /** Total DRAM energy, average over network sizes. */
  readonly total: number;
}

export const PUBLISHED_NOMINAL: Volts = 1.35;
export const PUBLISHED_SAVINGS: readonly PublishedSaving[] = [
  { supply: 1.325, perAccess: 0.0392, total: 0.0384 },
  { supply: 1.25, perAccess: 0.1429, total: 0.1333 },
  { supply: 1.175, perAccess: 0.2433, total: 0.2269 },
  { supply: 1.1, perAccess: 0.3359, total: 0.3112 },
  { supply: 1.025, perAccess: 0.424, total: 0.3946 },
];

/** Supplies of the paper's figures, in its order; the first is the accurate DRAM. */
export const PUBLISHED_SUPPLIES: readonly Volts[] = [
  PUBLISHED_NOMINAL,
  ...PUBLISHED_SAVINGS.map(({ supply }) => supply),
];

/** The published saving at a supply, for a device with the paper's nominal supply. */
export function publishedSaving(nominal: Volts, supply: Volts): PublishedSaving | undefined {
  if (nominal !== PUBLISHED_NOMINAL) return undefined;
  return PUBLISHED_SAVINGS.find((saving) => Math.abs(saving.supply - supply) < 1e-9);
}

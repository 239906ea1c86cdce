import type { Bounds } from './sourced-values.ts';

/**
 * The values that a hardware model may give, in the units of their dimensions: far beyond any part that exists, and close
 * enough that a slip of the pen (A for mA, s for ns) is found. docs/modelling.md lists them.
 */
export const BOUNDS = {
  /** Of the whole part, V. */
  voltage: { least: 0, above: true, most: 10 },
  /** Of one rail of one device, mA. */
  current: { least: 0, most: 20_000 },
  /** ns: a millisecond holds every refresh interval. */
  time: { least: 0, most: 1e6 },
  /** The same for a time that cannot be nothing. */
  longTime: { least: 0, above: true, most: 1e6 },
  /** Of retention tests and the like, ns: up to 1000 s. */
  retention: { least: 0, above: true, most: 1e12 },
  /** In which every row is refreshed once, ns: up to 1000 s. */
  refreshWindow: { least: 0, above: true, most: 1e12 },
  /** At which a DRAM works, degC. */
  temperature: { least: -100, most: 200 },
  /** MHz. */
  clock: { least: 1, most: 20_000 },
  /** Of one operation, pJ. */
  energy: { least: 0, most: 1e6 },
  /** Of one pin, pF. */
  capacitance: { least: 0, above: true, most: 1000 },
  /** Of a chip, mW. */
  power: { least: 0, most: 1e6 },
  /** On-chip memory, bit: up to 4 GiB. */
  memory: { least: 0, most: 2 ** 35 },
  /** Of a port of on-chip memory, bit. */
  width: { least: 0, above: true, most: 65_536 },
} as const satisfies Readonly<Record<string, Bounds>>;

/** The most of each count of a device's organisation. */
export const MOST = {
  channels: 64,
  ranks: 16,
  bank_groups: 16,
  banks_per_group: 64,
  rows: 2 ** 20,
  columns: 65_536,
  rows_per_subarray: 2 ** 20,
  device_width: 1024,
  devices_per_rank: 64,
  burst_length: 64,
  data_rate: 16,
} as const;

/** The most of what the counts make together. */
export const MOST_BANKS = 4096;
export const MOST_SUBARRAYS = 2 ** 16;
export const MOST_BYTES = 2 ** 42;

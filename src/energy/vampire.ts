/**
 * Data-dependent current of reads and writes, measured on DDR3L modules of three vendors (A, B, C) at 1.35 V: VAMPIRE
 * (Ghose et al., SIGMETRICS 2018; CMU-SAFARI/VAMPIRE v1.1.0, src/equations.cpp). A line is 512 bits, as the module's
 * bus moves it; its ones, and its bits that differ from the line before, are counted in groups of 8.
 *
 *     I = intercept + slope * ones / 8 + toggleSlope * toggles / 8   (mA)
 *
 * More ones make a read dearer and a write cheaper. REF and power-down are not in that model.
 */
export const VAMPIRE_VENDORS = ['a', 'b', 'c'] as const;
export type VampireVendor = (typeof VAMPIRE_VENDORS)[number];

/** How the line before relates to this one: the same column of the same bank, another column, another bank, or both. */
export const INTERLEAVINGS = ['none', 'column', 'bank', 'bank-column'] as const;
export type Interleaving = (typeof INTERLEAVINGS)[number];

/** Shares of a line's bits that are ones, and that differ from the line before; 0 to 1. */
export interface LineBits {
  readonly ones: number;
  readonly toggles: number;
}

/** mA, mA per 8 ones, mA per 8 toggles. */
type Line = readonly [intercept: number, slope: number, toggleSlope: number];
type Lines = Readonly<Record<Interleaving, Line>>;

const LINES: Readonly<Record<VampireVendor, { readonly RD: Lines; readonly WR: Lines }>> = {
  a: {
    RD: {
      none: [250.879, 6.679, 0],
      column: [246.44, 6.558, 0.431],
      bank: [287.235, 5.035, 0.16],
      'bank-column': [277.128, 5.219, 0.16],
    },
    WR: {
      none: [687.178, -4.82, 0],
      column: [728.75, -5.056, 0.712],
      bank: [732.5, -5.079, 0.18],
      'bank-column': [735.149, -5.082, 0.18],
    },
  },
  b: {
    RD: {
      none: [226.689, 4.4, 0],
      column: [217.42, 4.342, 0.548],
      bank: [228.142, 4.358, 0.291],
      'bank-column': [223.613, 4.302, 0.291],
    },
    WR: {
      none: [645.515, -4.613, 0],
      column: [664.403, -4.81, 0.204],
      bank: [617.553, -4.517, 0.062],
      'bank-column': [618, -4.521, 0.062],
    },
  },
  c: {
    RD: {
      none: [222.114, 4.155, 0],
      // biome-ignore lint/suspicious/noApproximativeNumericConstant: a measured slope, not ln 2
      column: [234.417, 4.321, 0.693],
      bank: [289.992, 3.36, 0.364],
      'bank-column': [266.511, 3.877, 0.364],
    },
    WR: {
      none: [540.974, -3.807, 0],
      column: [565.86, -4.012, 0.259],
      bank: [501.901, -3.516, 0.072],
      'bank-column': [520.791, -3.661, 0.072],
    },
  },
};

const GROUPS_PER_LINE = 512 / 8;

/** Current of the vendor's module while it streams lines of such bits, in mA. */
export function vampireCurrent(
  vendor: VampireVendor,
  command: 'RD' | 'WR',
  interleaving: Interleaving,
  { ones, toggles }: LineBits,
): number {
  const [intercept, slope, toggleSlope] = LINES[vendor][command][interleaving];
  return intercept + GROUPS_PER_LINE * (slope * ones + toggleSlope * toggles);
}

/** The data that a current without a data pattern is taken to mean: half of the bits ones, half of them toggling. */
export const REFERENCE_BITS: LineBits = { ones: 0.5, toggles: 0.5 };

/**
 * Energy of a burst of such bits over that of a burst of `REFERENCE_BITS`: the factor by which a device's own RD or WR
 * term is to be multiplied. Only the ratio of the measured currents is used, so that it can stand beside the currents
 * of another part; it is exact for averages over bursts, because the current is linear in its bits.
 */
export const dataFactor = (
  vendor: VampireVendor,
  command: 'RD' | 'WR',
  interleaving: Interleaving,
  bits: LineBits,
): number =>
  vampireCurrent(vendor, command, interleaving, bits) /
  vampireCurrent(vendor, command, interleaving, REFERENCE_BITS);

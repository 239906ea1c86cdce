import { InputError } from '../errors/input-error.ts';
import type { Cell } from './column.ts';

/** Terms of a waterfall, in the order in which results add them up. */
export const WATERFALL_TERMS = ['act', 'pre', 'rd', 'wr', 'ref', 'background', 'io'] as const;
export type WaterfallTerm = (typeof WATERFALL_TERMS)[number];
export type WaterfallEnergies = Readonly<Record<WaterfallTerm, number>>;

/** What the energies of two runs are divided by before they are compared. */
export const WATERFALL_BASES = ['access', 'inference', 'run'] as const;
export type WaterfallBasis = (typeof WATERFALL_BASES)[number];

/** One term's way from one run to the other; the step hangs between `low` and `high`, sums of what came before. */
export interface WaterfallStep {
  readonly term: WaterfallTerm;
  readonly from: number;
  readonly to: number;
  readonly change: number;
  readonly before: number;
  readonly after: number;
}

/** How the energy of one run becomes that of another, term by term. Unit: that of the energies given. */
export interface Waterfall {
  readonly from: number;
  readonly to: number;
  readonly steps: readonly WaterfallStep[];
}

/**
 * The steps from one run's terms to another's. `from` and `to` are the sums of the terms in their order, and the last
 * step ends at `to`: to the last bit for energies of ledgers (whole grains), to rounding for others.
 */
export function waterfall(from: WaterfallEnergies, to: WaterfallEnergies): Waterfall {
  const total = (energies: WaterfallEnergies): number =>
    WATERFALL_TERMS.reduce((sum, term) => sum + energies[term], 0);
  let level = total(from);
  const steps = WATERFALL_TERMS.map((term): WaterfallStep => {
    const change = to[term] - from[term];
    const before = level;
    level += change;
    return { term, from: from[term], to: to[term], change, before, after: level };
  });
  return { from: total(from), to: total(to), steps };
}

export type TableRow = Readonly<Record<string, Cell>>;

/**
 * Mean terms of result rows (`dram_energy_TERM_nJ`) in pJ a basis: rows of several chips make one bar. A term whose
 * column the file does not have is 0 (`io`). Throws InputError for rows without what the basis divides by.
 */
export function energiesOf(
  rows: readonly TableRow[],
  basis: WaterfallBasis,
  file: string,
): WaterfallEnergies {
  const number = (row: TableRow, column: string): number => {
    const value = row[column];
    if (typeof value !== 'number')
      throw new InputError(`${column} is not a number in the rows chosen`, {
        place: { file },
        remedy: 'give a CSV file that sparkxd run, replay or power wrote',
      });
    return value;
  };
  const divisor = (row: TableRow): number => {
    if (basis === 'run') return 1;
    const column = basis === 'access' ? 'accesses' : 'inferences';
    const count = number(row, column);
    if (!(count > 0)) throw new InputError(`${column} is ${count} in the rows chosen`, { place: { file } });
    return count;
  };
  const term = (name: WaterfallTerm): number =>
    rows.reduce((sum, row) => {
      const column = `dram_energy_${name}_nJ`;
      const energy = name === 'io' && row[column] === undefined ? 0 : number(row, column);
      return sum + (energy * 1000) / divisor(row);
    }, 0) / rows.length;
  return Object.fromEntries(WATERFALL_TERMS.map((name) => [name, term(name)])) as WaterfallEnergies;
}

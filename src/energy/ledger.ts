import type { Picojoules, Volts } from '../units/flavours.ts';

/** Terms of the ledger. `io` is zero unless an I/O model was given. */
export const LEDGER_TERMS = [
  'act',
  'pre',
  'rd',
  'wr',
  'ref',
  'activeBackground',
  'prechargedBackground',
  'powerDown',
  'selfRefresh',
  'io',
] as const;
export type LedgerTerm = (typeof LEDGER_TERMS)[number];
export type TermEnergies = Readonly<Record<LedgerTerm, Picojoules>>;

/** The terms as results and charts group them: everything that only time costs is `background`. */
export const LEDGER_GROUPS = ['act', 'pre', 'rd', 'wr', 'ref', 'background', 'io'] as const;
export type LedgerGroup = (typeof LEDGER_GROUPS)[number];

/**
 * DRAM energy of a run, all devices of the channel, in pJ. The cells are what was worked out: one for each rank,
 * place (a bank, or what the banks share), rail and term, each rounded once to a whole number of grains. Every other
 * figure is a sum of cells. A grain is a power of two and the cells together are fewer than 2^53 grains, so that
 * every such sum is exact in double precision whatever its order: the terms, the rails, the ranks, the banks each
 * add up to `total` to the last bit.
 */
export interface Ledger {
  readonly supply: Volts;
  readonly ranks: number;
  readonly banks: number;
  readonly rails: readonly string[];
  /** Smallest step of the cells: 2^-10 pJ, or more when the total passes 8.8 J. */
  readonly grain: Picojoules;
  /** By rank, place (banks, then what they share), rail and term; see `cellAt`. */
  readonly cells: Float64Array;
  readonly total: Picojoules;
  readonly terms: TermEnergies;
  /** Per rail, in the order of `rails`. */
  readonly byRail: readonly TermEnergies[];
  /** Per rank: each bank's energy, and last what the banks share (refresh of all, standby, power-down). */
  readonly byPlace: readonly Float64Array[];
}

/** Where the cells lie. */
export interface LedgerShape {
  readonly ranks: number;
  readonly banks: number;
  readonly rails: readonly string[];
}

/** Index of a cell; `place` is a bank, or `banks` for what the banks of the rank share. */
export function cellAt(
  { banks, rails }: LedgerShape,
  rank: number,
  place: number,
  rail: number,
  term: LedgerTerm,
): number {
  return (
    ((rank * (banks + 1) + place) * rails.length + rail) * LEDGER_TERMS.length + LEDGER_TERMS.indexOf(term)
  );
}

/** Finest grain: far below a hundredth of a pJ, which is as much as DRAMPower prints. */
const FINEST = 2 ** -10;

/**
 * Rounds raw energies (laid out as `cellAt` says) to grains and sums them. `entered` are the indices of all cells that may not
 * be zero.
 */
export function closeLedger(
  shape: LedgerShape,
  raw: Float64Array,
  entered: ReadonlySet<number>,
  supply: Volts,
): Ledger {
  const { ranks, banks, rails } = shape;
  const kinds = LEDGER_TERMS.length;
  const perPlace = rails.length * kinds;
  let size = 0;
  for (const index of entered) size += Math.abs(raw[index]!);
  let grain = FINEST;
  while (size / grain + raw.length >= 2 ** 53) grain *= 2;

  const cells = new Float64Array(raw.length);
  const sums = new Float64Array(perPlace);
  const byPlace = Array.from({ length: ranks }, () => new Float64Array(banks + 1));
  for (const index of entered) {
    const energy = Math.round(raw[index]! / grain) * grain;
    const place = Math.floor(index / perPlace);
    cells[index] = energy;
    sums[index % perPlace]! += energy;
    byPlace[Math.floor(place / (banks + 1))]![place % (banks + 1)]! += energy;
  }
  const byRail = rails.map((_, rail) => termEnergies((term) => sums[rail * kinds + term]!));
  const terms = termEnergies((term) => {
    let energy = 0;
    for (let cell = term; cell < sums.length; cell += kinds) energy += sums[cell]!;
    return energy;
  });
  return { supply, ...shape, grain, cells, total: addTerms(terms), terms, byRail, byPlace };
}

/** Energies by term; `energyOf` takes a term's index. */
const termEnergies = (energyOf: (term: number) => Picojoules): TermEnergies =>
  Object.fromEntries(LEDGER_TERMS.map((name, term) => [name, energyOf(term)])) as Record<
    LedgerTerm,
    Picojoules
  >;

/** Sum of terms; exact for a ledger's own terms. */
export const addTerms = (terms: TermEnergies): Picojoules =>
  LEDGER_TERMS.reduce((sum, term) => sum + terms[term], 0);

/** The terms with everything that only time costs in one; exact as they are. */
export function groupTerms(terms: TermEnergies): Readonly<Record<LedgerGroup, Picojoules>> {
  const { act, pre, rd, wr, ref, io } = terms;
  const background =
    terms.activeBackground + terms.prechargedBackground + terms.powerDown + terms.selfRefresh;
  return { act, pre, rd, wr, ref, background, io };
}

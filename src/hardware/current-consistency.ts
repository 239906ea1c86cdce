import { InputError, type Place } from '../errors/input-error.ts';
import type { Milliamperes, Nanoseconds } from '../units/flavours.ts';
import type { CurrentName } from './currents.ts';
import type { Rail } from './device.ts';

/** Pairs of which the first must not be larger than the second, and what would be negative; equal ones are fine. */
const ORDERED: readonly (readonly [lower: CurrentName, higher: CurrentName, why: string])[] = [
  ['IDD2N', 'IDD0', 'a precharge would give energy back'],
  ['IDD3N', 'IDD0', 'an activation would give energy back'],
  ['IDD2N', 'IDD3N', 'an open bank would draw less than a closed one'],
  ['IDD3N', 'IDD4R', 'a read would give energy back'],
  ['IDD3N', 'IDD4W', 'a write would give energy back'],
  ['IDD3N', 'IDD5', 'a refresh would give energy back'],
];

/** Pairs of which the first is larger in no usual part: it needs a note that says why. */
const UNUSUAL: readonly (readonly [lower: CurrentName, higher: CurrentName])[] = [
  ['IDD2P0', 'IDD2N'],
  ['IDD2P1', 'IDD2N'],
  ['IDD3P0', 'IDD3N'],
  ['IDD3P1', 'IDD3N'],
];

/** The refresh of one bank that an IDD5PB is measured with, and the time over which it is an average. */
export interface BankRefresh {
  readonly tRFCpb: Nanoseconds;
  readonly interval: Nanoseconds;
}

/**
 * Holds the currents of one rail against each other: no energy term of theirs may come out negative, in either energy
 * model. Throws InputError at a current's place. Currents that are not given are not looked at.
 */
export function requireConsistentCurrents(
  rail: string,
  currents: Rail['currents'],
  refresh: BankRefresh | undefined,
  of: { place(current: CurrentName): Place; hasNote(current: CurrentName): boolean },
): void {
  const given = (name: CurrentName): Milliamperes | undefined => currents[name];
  const larger = (lower: CurrentName, higher: CurrentName): string | undefined => {
    const [low, high] = [given(lower), given(higher)];
    if (low === undefined || high === undefined || low <= high) return undefined;
    return `${lower} ${low} mA of ${rail} is larger than ${higher} ${high} mA`;
  };
  for (const [lower, higher, why] of ORDERED) {
    const fault = larger(lower, higher);
    if (fault !== undefined)
      throw new InputError(`${fault}: ${why}`, {
        place: of.place(lower),
        remedy: `${lower} is at most ${higher}: correct the one that is wrong (mA, A?)`,
      });
  }
  for (const [lower, higher] of UNUSUAL) {
    const fault = larger(lower, higher);
    if (fault !== undefined && !of.hasNote(lower))
      throw new InputError(`${fault}: power-down would draw more than standby`, {
        place: of.place(lower),
        remedy: 'correct it, or say why: { value: ..., note: ... }',
      });
  }
  requireBankRefresh(rail, currents, refresh, of.place);
}

/** While one bank is refreshed, more must flow than with that bank open; IDD5PB may be an average over a longer time. */
function requireBankRefresh(
  rail: string,
  { IDD5PB, IDD2N, IDD3N }: Rail['currents'],
  refresh: BankRefresh | undefined,
  placeOf: (current: CurrentName) => Place,
): void {
  if (refresh === undefined || IDD5PB === undefined || IDD2N === undefined || IDD3N === undefined) return;
  const { tRFCpb, interval } = refresh;
  const least = IDD2N + ((IDD3N - IDD2N) * tRFCpb) / interval;
  if (IDD5PB >= least * (1 - 1e-9)) return;
  throw new InputError(
    `IDD5PB ${IDD5PB} mA of ${rail} is too small: a refresh of one bank would give energy back`,
    {
      place: placeOf('IDD5PB'),
      remedy: `an average over ${Number(interval.toPrecision(6))} ns, with ${tRFCpb} ns at IDD3N or more, is at least ${Number(least.toPrecision(6))} mA`,
    },
  );
}

import { InputError, type Place } from '../errors/input-error.ts';
import type { Megahertz, Nanoseconds } from '../units/flavours.ts';
import type { Organisation } from './device.ts';

/** What of a device the check looks at. */
interface DeviceTiming {
  readonly organisation: Organisation;
  readonly clock: Megahertz;
  /** At nominal supply, by JEDEC name; parameters that the standard does not have are not looked at. */
  readonly timing: Readonly<Record<string, Nanoseconds>>;
}

/** Pairs of which the first must not be longer than the second, and why. */
const ORDERED: readonly (readonly [shorter: string, longer: string, why: string])[] = [
  ['tRCD', 'tRAS', 'a row could be closed before it is open'],
  ['tRAS', 'tRC', 'a row cycle holds the whole time in which its row is open'],
  ['tCCD_S', 'tCCD_L', 'columns within a bank group are never closer than between groups'],
  ['tRRD_S', 'tRRD_L', 'activations within a bank group are never closer than between groups'],
  ['tWTR_S', 'tWTR_L', 'a turn-around within a bank group is never shorter than between groups'],
  ['tRFCpb', 'tRFCab', 'refreshing one bank takes no longer than refreshing all of them'],
];

/**
 * Holds a device's timings against each other. Answers with notes on what contradicts itself without harm, naming what
 * binds. Throws InputError, at the parameter's place, for what cannot be: a refresh interval that leaves no time for
 * one access, bursts that would overlap on the data bus, pairs in the wrong order.
 */
export function timingConsistency(
  { organisation, clock, timing }: DeviceTiming,
  placeOf: (parameter: string) => Place,
): string[] {
  const burst = (organisation.burstLength / organisation.dataRate) * (1000 / clock);
  const ns = (time: Nanoseconds): string => `${Number(time.toPrecision(6))} ns`;
  const of = (parameter: string): Nanoseconds => timing[parameter] ?? 0;

  for (const [shorter, longer, why] of ORDERED)
    if (shorter in timing && longer in timing && of(shorter) > of(longer))
      throw new InputError(
        `${shorter} ${ns(of(shorter))} is longer than ${longer} ${ns(of(longer))}: ${why}`,
        {
          place: placeOf(shorter),
        },
      );

  for (const parameter of ['tCCD', 'tCCD_S'])
    if (parameter in timing && of(parameter) < burst - TOLERANCE)
      throw new InputError(
        `${parameter} ${ns(of(parameter))} is shorter than a burst, ${ns(burst)}: bursts would overlap on the data bus`,
        {
          place: placeOf(parameter),
          remedy: `a burst is ${organisation.burstLength} transfers at ${organisation.dataRate} a cycle of ${ns(1000 / clock)}`,
        },
      );

  const allBankPrecharge = Math.max(of('tRP'), of('tRPab'));
  const oneAccess = of('tRFCab') + of('tRCD') + of('WL') + burst + of('tWR') + allBankPrecharge;
  if ('tREFI' in timing && of('tREFI') <= oneAccess)
    throw new InputError(
      `tREFI ${ns(of('tREFI'))} leaves no time between refreshes: a refresh and one write take ${ns(oneAccess)}`,
      {
        place: placeOf('tREFI'),
        remedy: 'tRFCab + tRCD + WL + a burst + tWR + tRP must be shorter than tREFI',
      },
    );

  const notes: string[] = [];
  const rowCycle = of('tRAS') + of('tRP');
  if ('tRC' in timing && of('tRC') < rowCycle - TOLERANCE)
    notes.push(`tRC ${ns(of('tRC'))} is shorter than tRAS + tRP = ${ns(rowCycle)}: the sum binds`);
  if ('tRPab' in timing && of('tRPab') < of('tRP') - TOLERANCE)
    notes.push(
      `tRPab ${ns(of('tRPab'))} is shorter than tRP ${ns(of('tRP'))}: an all-bank precharge is the quicker one`,
    );
  const tRRD = timing['tRRD_S'] ?? of('tRRD');
  if ('tFAW' in timing && of('tFAW') < 4 * tRRD - TOLERANCE)
    notes.push(`tFAW ${ns(of('tFAW'))} is shorter than four tRRD = ${ns(4 * tRRD)}: it never binds`);
  if ('tXS' in timing && of('tXS') < of('tRFCab') - TOLERANCE)
    notes.push(
      `tXS ${ns(of('tXS'))} is shorter than tRFCab ${ns(of('tRFCab'))}: self-refresh exits quicker than a refresh ends`,
    );
  return notes;
}

/** ns; far below any data sheet's resolution. */
const TOLERANCE = 1e-6;

import { log10 } from '../elementary/logarithm.ts';
import { InputError } from '../errors/input-error.ts';
import { BOUNDS } from './bounds.ts';
import { probability } from './probability.ts';
import type { ProfileDocument } from './profile-schema.ts';
import type { ValueReader } from './sourced-values.ts';
import type { ErrorCurve, LevelledPoint, ProfileMember, TestedPoint } from './voltage-profile.ts';

/** How a profile's file gives the number where a measurement can no longer count the errors. */
const SATURATED = 'saturated';

/** log10(BER) = decades_per_volt V + log10_at_zero between `lowest` and the nominal supply, zero from there on. */
export function readLine(
  document: ProfileDocument,
  reader: ValueReader,
  member: string,
  nominal: number,
): ErrorCurve {
  const path = ['members', member, 'line'];
  const line = document.data.members![member]!.line!;
  const slope = reader.quantity([...path, 'decades_per_volt'], line.decades_per_volt, 'number');
  const intercept = reader.quantity([...path, 'log10_at_zero'], line.log10_at_zero, 'number');
  const lowest = reader.quantity([...path, 'lowest'], line.lowest, 'voltage', BOUNDS.voltage);
  if (!(lowest < nominal))
    throw new InputError(`${path.join('.')}.lowest is ${lowest} V, not below the nominal ${nominal} V`, {
      place: document.place([...path, 'lowest']),
    });
  if (!(slope < 0) || slope * lowest + intercept > 0)
    throw new InputError(`${path.join('.')} is not a falling line of probabilities`, {
      place: document.place(path),
      remedy: 'the bit error rate must fall with voltage and be at most 1 at the lowest supply',
    });
  return {
    voltages: [lowest, nominal],
    log10Ber: [slope * lowest + intercept, slope * nominal + intercept],
    errorFree: nominal,
  };
}

const TEST_HIGHER = 'begin with the supply at which no error was found, such as [1.35 V, 0]';

/** What a curve of points has that its file does not say. */
export interface CurveOfPoints {
  readonly curve: ErrorCurve;
  readonly levelled: readonly LevelledPoint[];
}

/**
 * The curve of tested points, falling in supply. The error-free voltage is the lowest one tested without an error; just
 * below it the rate begins at the detection limit. A lower supply never has fewer errors than a higher one: a rate that is
 * smaller is raised to that of the higher supply (running maximum), which is noted. The curve ends where the measurement
 * saturates. `refuse` throws for the point of a number, with what to do: points that are no curve, such as some without an
 * error-free supply, or with a rate below the detection limit.
 */
export function curveOfPoints(
  tests: readonly TestedPoint[],
  detectionLimit: number,
  refuse: (what: string, remedy: string, point?: number) => never,
): CurveOfPoints {
  const voltages: number[] = [];
  const rates: number[] = [];
  const levelled: LevelledPoint[] = [];
  let errorFree: number | undefined;
  let saturated = false;
  for (const [i, { supply, ber }] of tests.entries()) {
    if (ber === SATURATED) {
      saturated = true;
      continue;
    }
    if (saturated)
      refuse(
        'goes on after it has saturated',
        'leave out the rates below the supply at which it saturates',
        i,
      );
    if (ber === 0 && rates.length <= 1) {
      errorFree = supply;
      voltages[0] = supply;
      rates[0] = detectionLimit;
      continue;
    }
    if (errorFree === undefined) refuse('must begin with an error-free voltage (rate 0)', TEST_HIGHER, i);
    if (ber > 0 && ber < detectionLimit)
      refuse(
        `has a rate of ${ber} at ${supply} V, below the detection_limit of ${detectionLimit}`,
        'no measurement could have seen it: write 0 if no error was found, or correct the rate or the detection_limit',
        i,
      );
    const taken = Math.max(rates.at(-1)!, ber);
    if (taken > ber) levelled.push({ supply, measured: ber, taken });
    voltages.push(supply);
    rates.push(taken);
  }
  if (errorFree === undefined) return refuse('has no error-free voltage', TEST_HIGHER);
  return {
    curve: { voltages: voltages.reverse(), log10Ber: rates.reverse().map(log10), errorFree },
    levelled,
  };
}

/**
 * Measured points of a member. Throws InputError for points that are no curve, and, where the profile is not marked as
 * measured, for a rate that falls with the supply.
 */
export function readPoints(
  document: ProfileDocument,
  reader: ValueReader,
  member: string,
  detectionLimit: number | undefined,
): Pick<ProfileMember, 'curve' | 'tests' | 'levelled'> {
  const path = ['members', member, 'points'];
  const name = path.join('.');
  const refuse = (what: string, remedy: string, point?: number): never => {
    throw new InputError(`${name} ${what}`, {
      place: document.place(point === undefined ? path : [...path, point]),
      remedy,
    });
  };
  if (detectionLimit === undefined || detectionLimit === 0)
    return refuse(
      "needs the profile's detection_limit",
      'give the least bit error rate that the measurement could have seen, above 0',
    );
  const tests: TestedPoint[] = [];
  document.data.members![member]!.points!.forEach(([supplyText, berText], i) => {
    const supply = reader.quantity([...path, String(i), '0'], supplyText, 'voltage', BOUNDS.voltage);
    const above = tests.at(-1);
    if (above && !(supply < above.supply))
      refuse(
        'must fall in voltage from row to row',
        'order the rows from the highest supply to the lowest',
        i,
      );
    const ber =
      berText === SATURATED ? SATURATED : probability(document, reader, [...path, String(i), '1'], berText);
    tests.push({ supply, ber });
  });
  const { curve, levelled } = curveOfPoints(tests, detectionLimit, refuse);
  const [fewer] = levelled;
  if (fewer !== undefined && document.data.measured !== true)
    refuse(
      `has fewer errors at ${fewer.supply} V (${fewer.measured}) than at a higher supply (${fewer.taken})`,
      'a lower supply never has fewer errors: correct it; or, if the points stand as they were measured, say "measured: true" in the profile, and the larger rate is taken',
      tests.findIndex(({ supply }) => supply === fewer.supply),
    );
  return { curve, tests, ...(levelled.length > 0 ? { levelled } : {}) };
}

import type { Volts } from '../units/flavours.ts';
import { type ErrorCurve, log10BerAt } from './voltage-profile.ts';

/**
 * The more pessimistic of two curves at every supply: the larger rate, with the supply at which the curves cross as a point
 * of its own, so that the result is exact between the points of both. It is known where both are, and error-free where both
 * are.
 */
export function largerCurve(a: ErrorCurve, b: ErrorCurve): ErrorCurve {
  const lowest = Math.max(a.voltages[0]!, b.voltages[0]!);
  const errorFree = Math.max(a.errorFree, b.errorFree);
  const ends = [...new Set([lowest, ...a.voltages, ...b.voltages])]
    .filter((voltage) => voltage >= lowest && voltage <= errorFree)
    .sort((x, y) => x - y);
  const points: [voltage: Volts, log10Ber: number][] = [];
  const add = (voltage: Volts, log10Ber: number): void => {
    const last = points.at(-1);
    if (last?.[0] === voltage && last[1] === log10Ber) return;
    points.push([voltage, log10Ber]);
  };
  for (let i = 1; i < ends.length; i++) {
    const [from, to] = [ends[i - 1]!, ends[i]!];
    const [a0, b0] = [log10BerAt(a, from), log10BerAt(b, from)];
    const [a1, b1] = [log10Below(a, to), log10Below(b, to)];
    add(from, Math.max(a0, b0));
    if ((a0 - b0) * (a1 - b1) < 0) {
      const share = (a0 - b0) / (a0 - b0 - (a1 - b1));
      const crossing = from + share * (to - from);
      if (crossing > from && crossing < to) add(crossing, a0 + share * (a1 - a0));
    }
    add(to, Math.max(a1, b1));
  }
  // A curve whose lowest supply has no errors.
  if (points.length === 0) add(errorFree, Math.max(a.log10Ber.at(-1)!, b.log10Ber.at(-1)!));
  // At a crossing, rounding may miss a rate beside it by one unit in the last place.
  for (let i = points.length - 2; i >= 0; i--) points[i]![1] = Math.max(points[i]![1], points[i + 1]![1]);
  return { voltages: points.map(([v]) => v), log10Ber: points.map(([, rate]) => rate), errorFree };
}

/** Limit of log10 of the rate as the supply rises towards `supply`, above the curve's first voltage. */
function log10Below({ voltages, log10Ber, errorFree }: ErrorCurve, supply: Volts): number {
  if (supply > errorFree) return Number.NEGATIVE_INFINITY;
  let right = 1;
  while (voltages[right]! < supply) right++;
  if (voltages[right] === supply) return log10Ber[right]!;
  const left = right - 1;
  const share = (supply - voltages[left]!) / (voltages[right]! - voltages[left]!);
  return log10Ber[left]! + share * (log10Ber[right]! - log10Ber[left]!);
}

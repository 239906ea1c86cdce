import type { PlacedPoint } from '../experiments/run.ts';
import { type MappingPolicy, policyOf } from '../mapping/policy.ts';
import type { SubarrayUse } from '../mapping/subarray-use.ts';
import { numbersText } from '../sweep/check-points.ts';

/** Whether a careful policy took every subarray within the limit that was free. */
const usesAll = (mapping: MappingPolicy, { safe, safeLeft }: SubarrayUse): boolean =>
  policyOf(mapping).careful && safe > 0 && safeLeft === 0;

/** What a reader must know of one placement: weights above the limit of the bit error rate, and no good subarray left. */
export function placementLines(mapping: MappingPolicy, use: SubarrayUse, limit: number): string[] {
  const { used, aboveLimit, safe } = use;
  return [
    ...(aboveLimit > 0
      ? [`${aboveLimit} of the ${used} subarrays with weights are above the limit (bit error rate ${limit})`]
      : []),
    ...(usesAll(mapping, use)
      ? [`all ${safe} free subarrays within the limit (bit error rate ${limit}) hold weights: none is left`]
      : []),
  ];
}

/** The same of the points of a run: a line a mapping and finding, with the supplies and the range over chips. */
export function runPlacementLines(points: readonly PlacedPoint[], limit: number): string[] {
  const mappings = [...new Set(points.map(({ mapping }) => mapping))];
  return mappings.flatMap((mapping) => {
    const own = points.filter((point) => point.mapping === mapping);
    const above = own.filter(({ use }) => use.aboveLimit > 0);
    const full = own.filter(({ use }) => usesAll(mapping, use));
    const most = above.reduce((a, b) => (b.use.aboveLimit > a.use.aboveLimit ? b : a), above[0]!);
    return [
      ...(above.length > 0
        ? [
            `${mapping}: weights lie in subarrays above the limit (bit error rate ${limit}) at ${supplies(above)} V: up to ${most.use.aboveLimit} of the ${most.use.used} subarrays in use`,
          ]
        : []),
      ...(full.length > 0
        ? [
            `${mapping}: all free subarrays within the limit (bit error rate ${limit}) hold weights at ${supplies(full)} V: none is left`,
          ]
        : []),
    ];
  });
}

const supplies = (points: readonly PlacedPoint[]): string =>
  [...new Set(points.map(({ supply }) => supply))].join(', ');

/** The same of the points of a sweep, by their numbers. */
export function sweepPlacementLines(points: ReadonlyMap<number, PlacedPoint>): string[] {
  const numbers = (has: (point: PlacedPoint) => boolean): number[] =>
    [...points].filter(([, point]) => has(point)).map(([index]) => index);
  const above = numbers(({ use }) => use.aboveLimit > 0);
  const full = numbers(({ mapping, use }) => usesAll(mapping, use));
  const line = (found: readonly number[], what: string): string[] =>
    found.length > 0 ? [`${what} in ${found.length} of ${points.size} points: ${numbersText(found)}`] : [];
  return [
    ...line(above, 'weights lie in subarrays above the limit of the bit error rate'),
    ...line(full, 'all free subarrays within the limit of the bit error rate hold weights'),
  ];
}

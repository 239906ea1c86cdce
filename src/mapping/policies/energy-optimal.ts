import { rankIndex } from '../../hardware/bank-index.ts';
import { wholeImage } from '../image-pieces.ts';
import type { MappingPolicyDefinition } from '../policy-definition.ts';
import { acrossBanks, type IndexedSubarray, inSequence } from '../row-orders.ts';
import { isSafe } from '../subarray-safety.ts';

/** SparkXD's order inside as few ranks as possible, those with the most safe subarrays first: the others hold nothing. */
export const energyOptimal = {
  name: 'energy-optimal',
  summary: 'as sparkxd, in as few ranks as possible',
  needsErrorRates: true,
  needsWeakCells: false,
  careful: true,
  bitLayout: 'rows',
  fillings(request, free) {
    const { organisation } = request;
    const ranks = new Map<number, IndexedSubarray[]>();
    for (const place of free.filter(isSafe(request))) {
      const rank = rankIndex(organisation, place.channel, place.rank);
      ranks.set(rank, [...(ranks.get(rank) ?? []), place]);
    }
    const roomiest = [...ranks].sort(([a, x], [b, y]) => y.length - x.length || a - b);
    return wholeImage(
      request,
      inSequence(...roomiest.map(([, places]) => acrossBanks(places, organisation))),
    );
  },
} as const satisfies MappingPolicyDefinition;

import { bankLevels, bankOfSubarray } from '../../hardware/bank-index.ts';
import type { Organisation } from '../../hardware/device.ts';
import type { Filling } from '../fill-rows.ts';
import { partOfEachRow, wholeImage } from '../image-pieces.ts';
import type { MappingPolicyDefinition } from '../policy-definition.ts';
import { type IndexedSubarray, inSequence, levelByLevel } from '../row-orders.ts';
import { isSafe, strongestFirst } from '../subarray-safety.ts';
import { byLimit } from '../tensor-limits.ts';

/**
 * Fragile bits into the strongest safe subarrays, the rest into the next best ones of other banks. Of tensors with limits of their
 * own the least tolerant come first.
 */
export const bitPlane = {
  name: 'bit-plane',
  summary: 'fragile bits in the strongest subarrays within the error limit, the other bits in other banks',
  needsErrorRates: true,
  needsWeakCells: false,
  careful: true,
  carefulPart: 'the fragile bits of the weights',
  limitsOfTensors: true,
  bitLayout: 'planes',
  fillings(request, free) {
    const { organisation, contents, subarrayBer } = request;
    if (!contents) return wholeImage(request, levelByLevel(free.filter(isSafe(request)), organisation));
    const { strong, others } = splitBanks(free.toSorted(strongestFirst(request)), organisation);
    const fragile = byLimit(contents, request.berLimit).map(({ tensors, berLimit, within }): Filling => {
      const safe = isSafe({ subarrayBer, berLimit });
      return {
        pieces: tensors.flatMap((tensor) => partOfEachRow(tensor, 0, tensor.fragileBytes)),
        rows: inSequence(
          levelByLevel(strong.filter(safe), organisation),
          levelByLevel(others.filter(safe), organisation),
        ),
        ...within,
      };
    });
    return [
      ...fragile,
      {
        pieces: contents.flatMap((tensor) => partOfEachRow(tensor, tensor.fragileBytes, tensor.rowStride)),
        rows: inSequence(levelByLevel(others, organisation), levelByLevel(strong, organisation)),
      },
    ];
  },
} as const satisfies MappingPolicyDefinition;

/** Share of the banks that the fragile bits get; two streams in banks of their own do not close each other's rows. */
const STRONG_BANKS = 1 / 4;

/** Subarrays (strongest first) of the banks whose strongest is best, and those of the other banks. */
function splitBanks(places: readonly IndexedSubarray[], organisation: Organisation) {
  const levels = bankLevels(organisation);
  const bankOf = ({ index }: IndexedSubarray): number => bankOfSubarray(levels, index);
  const banks = [...new Set(places.map(bankOf))];
  const chosen = new Set(banks.slice(0, Math.ceil(banks.length * STRONG_BANKS)));
  return {
    strong: places.filter((place) => chosen.has(bankOf(place))),
    others: places.filter((place) => !chosen.has(bankOf(place))),
  };
}

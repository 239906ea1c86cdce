import { bankLevels, bankOfSubarray } from '../../hardware/bank-index.ts';
import type { Organisation } from '../../hardware/device.ts';
import { partOfEachRow, wholeImage } from '../image-pieces.ts';
import type { MappingPolicyDefinition } from '../policy-definition.ts';
import { type IndexedSubarray, inSequence, levelByLevel } from '../row-orders.ts';
import { isSafe, strongestFirst } from '../subarray-safety.ts';

/** Fragile bits into the strongest safe subarrays, the rest into the next best ones of other banks. */
export const bitPlane = {
  name: 'bit-plane',
  summary: 'fragile bits in the strongest subarrays within the error limit, the other bits in other banks',
  needsErrorRates: true,
  needsWeakCells: false,
  careful: true,
  carefulPart: 'the fragile bits of the weights',
  bitLayout: 'planes',
  fillings(request, free) {
    const { organisation, contents } = request;
    const safe = isSafe(request);
    if (!contents) return wholeImage(request, levelByLevel(free.filter(safe), organisation));
    const { strong, others } = splitBanks(free.toSorted(strongestFirst(request)), organisation);
    return [
      {
        pieces: partOfEachRow(contents, 0, contents.fragileBytes),
        rows: inSequence(
          levelByLevel(strong.filter(safe), organisation),
          levelByLevel(others.filter(safe), organisation),
        ),
      },
      {
        pieces: partOfEachRow(contents, contents.fragileBytes, contents.rowStride),
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

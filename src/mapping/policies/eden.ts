import type { Filling, ImagePiece } from '../fill-rows.ts';
import { partOfEachRow } from '../image-pieces.ts';
import type { TensorContents } from '../placement-request.ts';
import type { MappingPolicyDefinition } from '../policy-definition.ts';
import { oneByOne } from '../row-orders.ts';
import { isSafe, strongestFirst } from '../subarray-safety.ts';
import { byLimit } from '../tensor-limits.ts';

/**
 * The most tolerant weight rows into the worst subarrays that are safe, which leaves the good ones to other data, as
 * EDEN (MICRO 2019) maps data types to partitions. Tensors with limits of their own go, the most tolerant first, into the worst
 * subarrays that are within theirs. What is within the limit of one tensor is within that of every more tolerant one, and these
 * took worse subarrays wherever there were any: a tensor that finds no room would find none in any other order.
 */
export const eden = {
  name: 'eden',
  summary: 'subarrays within the error limit, the worst first, for the most tolerant weights first',
  needsErrorRates: true,
  needsWeakCells: false,
  careful: true,
  limitsOfTensors: true,
  bitLayout: 'rows',
  fillings(request, free) {
    const { imageBytes, organisation, contents, subarrayBer } = request;
    const ascending = strongestFirst(request);
    const worstFirst = free.toSorted((a, b) => ascending(b, a));
    if (!contents)
      return [
        {
          pieces: [{ imageByte: 0, bytes: imageBytes }],
          rows: oneByOne(worstFirst.filter(isSafe(request)), organisation),
        },
      ];
    return byLimit(contents, request.berLimit)
      .toReversed()
      .map(
        ({ tensors, berLimit, within }): Filling => ({
          pieces: tensors.flatMap(rowsByFragility),
          rows: oneByOne(worstFirst.filter(isSafe({ subarrayBer, berLimit })), organisation),
          ...within,
        }),
      );
  },
} as const satisfies MappingPolicyDefinition;

/** Whole weight rows, least fragile first. */
function rowsByFragility(contents: TensorContents): ImagePiece[] {
  const { fragility } = contents;
  return partOfEachRow(contents, 0, contents.rowStride)
    .map((piece, row) => ({ piece, row }))
    .sort((a, b) => fragility[a.row]! - fragility[b.row]! || a.row - b.row)
    .map(({ piece }) => piece);
}

import type { ImagePiece } from '../fill-rows.ts';
import { partOfEachRow } from '../image-pieces.ts';
import type { ImageContents } from '../placement-request.ts';
import type { MappingPolicyDefinition } from '../policy-definition.ts';
import { oneByOne } from '../row-orders.ts';
import { isSafe, strongestFirst } from '../subarray-safety.ts';

/**
 * The most tolerant weight rows into the worst subarrays that are safe, which leaves the good ones to other data, as
 * EDEN (MICRO 2019) maps data types to partitions.
 */
export const eden = {
  name: 'eden',
  summary: 'subarrays within the error limit, the worst first, for the most tolerant weights first',
  needsErrorRates: true,
  needsWeakCells: false,
  careful: true,
  bitLayout: 'rows',
  fillings(request, free) {
    const { imageBytes, organisation, contents } = request;
    const ascending = strongestFirst(request);
    const worstFirst = free.filter(isSafe(request)).sort((a, b) => ascending(b, a));
    const pieces = contents ? rowsByFragility(contents) : [{ imageByte: 0, bytes: imageBytes }];
    return [{ pieces, rows: oneByOne(worstFirst, organisation) }];
  },
} as const satisfies MappingPolicyDefinition;

/** Whole weight rows, least fragile first. */
function rowsByFragility(contents: ImageContents): ImagePiece[] {
  const { fragility } = contents;
  return partOfEachRow(contents, 0, contents.rowStride)
    .map((piece, row) => ({ piece, row }))
    .sort((a, b) => fragility[a.row]! - fragility[b.row]! || a.row - b.row)
    .map(({ piece }) => piece);
}

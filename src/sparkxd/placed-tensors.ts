import { bankLevels, bankOfSubarray, rowIndex } from '../hardware/bank-index.ts';
import type { Device, Organisation } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import { partOfPlacement } from '../mapping/part-of-placement.ts';
import { placedBytes } from '../mapping/placed-bytes.ts';
import type { PlacementRequest } from '../mapping/placement-request.ts';
import { limitOf } from '../mapping/tensor-limits.ts';
import { endByte } from '../mapping/weight-image.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import type { Bytes } from '../units/flavours.ts';
import { expectedBer } from './held-weights.ts';
import type { StoredTensors } from './stored-tensors.ts';

/** Where one tensor lies and how good that place is. */
export interface PlacedTensorRow {
  readonly tensor: string;
  readonly rows: number;
  /** Weights of a row. */
  readonly columns: number;
  readonly format: WeightFormat;
  /** Bytes with check bits, and with rows padded to whole bursts. */
  readonly weightBytes: Bytes;
  readonly paddedBytes: Bytes;
  readonly dramRows: number;
  readonly banks: number;
  readonly subarrays: number;
  readonly subarraysAboveLimit: number;
  /** Its own limit under a mapping that looks at it, else that of all. */
  readonly ber_limit: number;
  /** Expected bit error rate where it lies (the mean over its bytes), and of the worst subarray. */
  readonly ber_placed: number;
  readonly ber_worst_placed: number;
}

/** DRAM rows in which any byte of an image lies. */
export function dramRows(
  { stretches, channel, rank, bank, row }: Placement,
  organisation: Organisation,
): number {
  const levels = bankLevels(organisation);
  const rows = Array.from({ length: stretches }, (_, s) =>
    rowIndex(levels, channel[s]!, rank[s]!, bank[s]!, row[s]!),
  );
  return new Set(rows).size;
}

/** One row a tensor of placed weights, in image order. `subarrayBer` of the request must hold the error rates. */
export function placedTensors(
  { tensors }: StoredTensors,
  placement: Placement,
  device: Device,
  { subarrayBer, berLimit, contents }: PlacementRequest,
): PlacedTensorRow[] {
  const { organisation } = device;
  const levels = bankLevels(organisation);
  return tensors.map(({ name, columns, coding, part }, k) => {
    const own = partOfPlacement(placement, part.firstByte, endByte(part));
    const used = [...placedBytes(own, organisation).keys()];
    const limit = limitOf(contents?.[k] ?? {}, berLimit);
    return {
      ...{ tensor: name, rows: part.rows, columns, format: coding.format },
      weightBytes: part.rows * part.rowBytes,
      paddedBytes: part.rows * part.rowStride,
      dramRows: dramRows(own, organisation),
      banks: new Set(used.map((subarray) => bankOfSubarray(levels, subarray))).size,
      subarrays: used.length,
      subarraysAboveLimit: used.filter((subarray) => subarrayBer[subarray]! > limit).length,
      ber_limit: limit,
      ber_placed: expectedBer(own, device, subarrayBer),
      ber_worst_placed: Math.max(...used.map((subarray) => subarrayBer[subarray]!)),
    };
  });
}

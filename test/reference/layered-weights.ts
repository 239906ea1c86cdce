import type { Placement } from '../../src/hardware/placement.ts';
import { decodeWeights, type WeightFormat } from '../../src/snn/weight-format.ts';

/** Where the bytes `from` to before `to` of an image lie, byte by byte: a stretch for each, counted from `from` on. */
export function bytesOfPlacement(placement: Placement, from: number, to: number): Placement {
  const rows: number[][] = [];
  for (let byte = from; byte < to; byte++)
    for (let s = 0; s < placement.stretches; s++) {
      const within = byte - placement.imageByte[s]!;
      if (within < 0 || within >= placement.bytes[s]!) continue;
      const { channel, rank, bank, row, byteInRow } = placement;
      rows.push([channel[s]!, rank[s]!, bank[s]!, row[s]!, byteInRow[s]! + within, byte - from]);
    }
  const column = (i: number): number[] => rows.map((row) => row[i]!);
  return {
    stretches: rows.length,
    imageBytes: to - from,
    channel: Uint8Array.from(column(0)),
    rank: Uint8Array.from(column(1)),
    bank: Uint16Array.from(column(2)),
    row: Uint32Array.from(column(3)),
    byteInRow: Uint32Array.from(column(4)),
    imageByte: Uint32Array.from(column(5)),
    bytes: new Uint32Array(rows.length).fill(1),
  };
}

/** What a loader makes of codes whose weights, read soundly, have no magnitude above `bound`. */
export function boundedWeights(
  codes: Uint32Array,
  format: WeightFormat,
  ceiling: number,
  bound: number,
  repair: 'none' | 'clamp' | 'zero',
): number[] {
  return [...decodeWeights(codes, format, ceiling)].map((weight) => {
    if (repair === 'none') return weight;
    if (Number.isNaN(weight)) return 0;
    if (Math.abs(weight) <= bound) return weight;
    return repair === 'zero' ? 0 : Math.sign(weight) * bound;
  });
}

import type { Placement } from '../hardware/placement.ts';
import type { Bytes } from '../units/flavours.ts';

/** Where the bytes `from` to before `to` of a placed image lie, as an image of their own. */
export function partOfPlacement(placement: Placement, from: Bytes, to: Bytes): Placement {
  const { imageByte, bytes, byteInRow } = placement;
  const within: number[] = [];
  for (let s = 0; s < placement.stretches; s++)
    if (imageByte[s]! < to && imageByte[s]! + bytes[s]! > from) within.push(s);
  const begin = (s: number): number => Math.max(from, imageByte[s]!);
  const pick = (column: ArrayLike<number>): number[] => within.map((s) => column[s]!);
  return {
    stretches: within.length,
    imageBytes: to - from,
    channel: Uint8Array.from(pick(placement.channel)),
    rank: Uint8Array.from(pick(placement.rank)),
    bank: Uint16Array.from(pick(placement.bank)),
    row: Uint32Array.from(pick(placement.row)),
    byteInRow: Uint32Array.from(within, (s) => byteInRow[s]! + begin(s) - imageByte[s]!),
    imageByte: Uint32Array.from(within, (s) => begin(s) - from),
    bytes: Uint32Array.from(within, (s) => Math.min(to, imageByte[s]! + bytes[s]!) - begin(s)),
  };
}

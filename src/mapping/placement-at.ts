import type { AddressMapping } from '../dram/address.ts';
import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import type { Bytes } from '../units/flavours.ts';

/**
 * Where an image lies whose bytes stand, in image order, at ranges of addresses: one stretch for every part of a range
 * that is contiguous in a row. The ranges, [address, bytes], lie within the memory.
 */
export function placementAt(
  ranges: Iterable<readonly [address: number, bytes: Bytes]>,
  { banksPerGroup, ...organisation }: Organisation,
  mapping: AddressMapping,
): Placement {
  const burstBytes = bytesPerBurst({ banksPerGroup, ...organisation });
  const at = new Int32Array(6);
  const places: number[][] = [];
  let imageByte = 0;
  for (const [address, bytes] of ranges) {
    let next = address;
    for (let left = bytes; left > 0; ) {
      const burst = Math.floor(next / burstBytes);
      mapping.decode(burst, at);
      const within = next - burst * burstBytes;
      const taken = Math.min(left, mapping.burstsToRowEnd(burst) * burstBytes - within);
      const [channel, rank, group, bank, row, column] = at;
      const byteInRow = column! * burstBytes + within;
      places.push([channel!, rank!, group! * banksPerGroup + bank!, row!, byteInRow, imageByte, taken]);
      imageByte += taken;
      next += taken;
      left -= taken;
    }
  }
  const column = (i: number): number[] => places.map((place) => place[i]!);
  return {
    stretches: places.length,
    imageBytes: imageByte,
    channel: Uint8Array.from(column(0)),
    rank: Uint8Array.from(column(1)),
    bank: Uint16Array.from(column(2)),
    row: Uint32Array.from(column(3)),
    byteInRow: Uint32Array.from(column(4)),
    imageByte: Uint32Array.from(column(5)),
    bytes: Uint32Array.from(column(6)),
  };
}

import type { AddressMapping } from '../dram/address.ts';
import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import { rowStarts, type UniformLayout, type WeightLayout } from './weight-image.ts';

/**
 * Where each weight row's bursts lie, as runs of consecutive burst addresses: runs `start[row]` to `start[row + 1]`
 * of `burst` (the first burst's number, byte address / burst bytes) and `count`.
 */
export interface WeightRowRuns {
  readonly start: Uint32Array;
  readonly burst: Float64Array;
  readonly count: Uint32Array;
}

/** Runs of rows that are all of one size. */
export interface UniformRowRuns extends WeightRowRuns {
  /** Bursts of one weight row. */
  readonly burstsPerRow: number;
}

/**
 * Looks up the address of every burst of a placed image. Stretches of a placement begin and end on whole bursts
 * (layout and rows are multiples of a burst), so a burst never spans two.
 */
export function weightRowRuns(
  layout: WeightLayout,
  placement: Placement,
  organisation: Organisation,
  mapping: AddressMapping,
): WeightRowRuns {
  const burstBytes = bytesPerBurst(organisation);
  const addresses = burstAddresses(placement, organisation, mapping);
  const starts = rowStarts(layout);
  const start = new Uint32Array(layout.rows + 1);
  const burst: number[] = [];
  const count: number[] = [];
  for (let row = 0; row < layout.rows; row++) {
    const end = starts[row + 1]! / burstBytes;
    for (let i = starts[row]! / burstBytes; i < end; i++) {
      const address = addresses[i]!;
      const last = burst.length - 1;
      if (burst.length > start[row]! && burst[last]! + count[last]! === address) count[last]!++;
      else {
        burst.push(address);
        count.push(1);
      }
    }
    start[row + 1] = burst.length;
  }
  return { start, burst: Float64Array.from(burst), count: Uint32Array.from(count) };
}

/** The same of rows that are all of one size. */
export const uniformRowRuns = (
  layout: UniformLayout,
  placement: Placement,
  organisation: Organisation,
  mapping: AddressMapping,
): UniformRowRuns => ({
  ...weightRowRuns(layout, placement, organisation, mapping),
  burstsPerRow: layout.rowStride / bytesPerBurst(organisation),
});

/** The bursts `from` to `to` (the latter not among them) of each weight row, as its own rows. */
export function sliceOfRows(rows: UniformRowRuns, from: number, to: number): UniformRowRuns {
  if (from === 0 && to === rows.burstsPerRow) return rows;
  return { ...sliceEachRow(rows, () => [from, to]), burstsPerRow: to - from };
}

/** The same with bursts of each row; a row may have none. */
export function sliceEachRow(
  { start, burst, count }: WeightRowRuns,
  bounds: (row: number) => readonly [from: number, to: number],
): WeightRowRuns {
  const rows = start.length - 1;
  const starts = new Uint32Array(rows + 1);
  const bursts: number[] = [];
  const counts: number[] = [];
  for (let row = 0; row < rows; row++) {
    const [from, to] = bounds(row);
    let before = 0;
    for (let run = start[row]!; run < start[row + 1]!; run++) {
      const first = Math.max(from - before, 0);
      const end = Math.min(to - before, count[run]!);
      if (end > first) {
        bursts.push(burst[run]! + first);
        counts.push(end - first);
      }
      before += count[run]!;
    }
    starts[row + 1] = bursts.length;
  }
  return { start: starts, burst: Float64Array.from(bursts), count: Uint32Array.from(counts) };
}

/** The burst number of each burst of the image, in image order. */
function burstAddresses(
  placement: Placement,
  organisation: Organisation,
  mapping: AddressMapping,
): Float64Array {
  const burstBytes = bytesPerBurst(organisation);
  const addresses = new Float64Array(placement.imageBytes / burstBytes);
  for (let i = 0; i < placement.stretches; i++) {
    const bank = placement.bank[i]!;
    const bankGroup = Math.floor(bank / organisation.banksPerGroup);
    const bankInGroup = bank % organisation.banksPerGroup;
    const firstColumn = placement.byteInRow[i]! / burstBytes;
    const first = placement.imageByte[i]! / burstBytes;
    const bursts = placement.bytes[i]! / burstBytes;
    for (let b = 0; b < bursts; b++)
      addresses[first + b] = mapping.encode(
        placement.channel[i]!,
        placement.rank[i]!,
        bankGroup,
        bankInGroup,
        placement.row[i]!,
        firstColumn + b,
      );
  }
  return addresses;
}

import type { AddressMapping } from '../../dram/address.ts';
import { type BurstPlace, type ReadActivations, watchReads } from '../../dram/read-activations.ts';
import type { RewritesBefore } from '../../dram/row-rewrites.ts';
import { InputError } from '../../errors/input-error.ts';
import type { FlippingCells } from '../../faults/inject.ts';
import { bytesPerBurst, type Organisation } from '../../hardware/device.ts';
import { rowOfByte, rowStarts, type WeightLayout } from '../../mapping/weight-image.ts';
import type { ServingActivations } from '../../sparkxd/read-draws.ts';
import type { FetchListener } from '../../trace/follow-fetches.ts';
import type { RowRanges } from '../../trace/row-ranges.ts';

/** Which draw of each cell decides its bit in each fetch of a recording: that of the activation that served the read. */
export interface RecordedDraws {
  /** Hears of the runs that are sent to the memory, in order. */
  readonly listener: FetchListener;
  readonly activations: ReadActivations;
  /** The activations by which cells draw, of weights of that layout. Valid when the replay is done. */
  drawsOf(cells: FlippingCells, layout: WeightLayout): ServingActivations;
}

/**
 * Follows the reads of bursts that hold uncertain cells. `rows` says where the weight rows lie in the device, `offsets` for
 * each row the bytes of it (any order) at which such cells lie. With `rewritesBefore` all rows are written anew now and then.
 */
export function recordDraws(
  rows: RowRanges,
  offsets: readonly (readonly number[])[],
  { banksPerGroup, ...rest }: Organisation,
  mapping: AddressMapping,
  file: string,
  rewritesBefore?: RewritesBefore,
): RecordedDraws {
  const organisation = { banksPerGroup, ...rest };
  const burstBytes = bytesPerBurst(organisation);
  const place = placesOf(mapping, banksPerGroup);
  const watched = new Map<number, BurstPlace>();
  for (const [row, own] of offsets.entries())
    for (const number of entriesOf(rows, row, own, burstBytes).burst) watched.set(number, place(number));
  const entries = offsets.map((own, row) => {
    const shared = sharedOffsets(rows, row, burstBytes, (burst) => watched.has(burst));
    return entriesOf(rows, row, [...own, ...shared], burstBytes);
  });
  const activations = watchReads(organisation, watched.values(), rewritesBefore);
  const idOf = new Map([...watched].map(([number, at]) => [number, activations.burst(at)]));
  const ids = entries.map(({ burst }) => Int32Array.from(burst, (number) => idOf.get(number)!));
  /** Reads of each burst so far, and the run that made the latest. */
  const reads = new Int32Array(watched.size);
  const readBy = new Float64Array(watched.size).fill(-1);
  let runs = -1;
  /** By row: for each of its fetches, and in it for each entry, the number of the read of the entry's burst. */
  const served: number[][] = entries.map(() => []);

  return {
    activations,
    listener: {
      run() {
        runs++;
      },
      part(row, offset, _address, bytes) {
        const { from, to } = entries[row]!;
        for (let i = 0; i < from.length; i++) {
          if (from[i]! >= offset + bytes || to[i]! <= offset) continue;
          if (from[i]! < offset || to[i]! > offset + bytes)
            throw new InputError('a run of the trace ends inside a burst of a weight row', {
              place: { file },
              remedy: 'record the trace again, or take --draw read',
            });
          const id = ids[row]![i]!;
          if (readBy[id] !== runs) {
            readBy[id] = runs;
            reads[id]!++;
          }
          served[row]!.push(reads[id]! - 1);
        }
      },
    },
    drawsOf({ size, imageBit, probability }, layout) {
      const starts = rowStarts(layout);
      const rowOf = new Uint32Array(size);
      const entryOf = new Uint32Array(size);
      const burstOf = new Uint32Array(size);
      for (let cell = 0; cell < size; cell++) {
        if (probability[cell]! >= 1) continue;
        const byte = Math.floor(imageBit[cell]! / 8);
        const row = rowOfByte(layout, byte);
        const { from, to } = entries[row]!;
        const offset = byte - starts[row]!;
        const entry = from.findIndex((first, i) => first <= offset && offset < to[i]!);
        rowOf[cell] = row;
        entryOf[cell] = entry;
        burstOf[cell] = ids[row]![entry]!;
      }
      const width = entries.map(({ from }) => from.length);
      const readOf = (cell: number, n: number): number => {
        const row = rowOf[cell]!;
        return served[row]![n * width[row]! + entryOf[cell]!]!;
      };
      return {
        serving: (cell, n) => activations.of(burstOf[cell]!, readOf(cell, n)),
        firstSinceRewriting: (cell, n) => activations.firstSinceRewriting(burstOf[cell]!, readOf(cell, n)),
      };
    },
  };
}

/** Bytes `from` to before `to` of a weight row that lie in one burst each, where any of them matters. */
interface RowEntries {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly burst: readonly number[];
}

function entriesOf(
  { start, address, bytes }: RowRanges,
  row: number,
  offsets: readonly number[],
  burstBytes: number,
): RowEntries {
  const ascending = offsets.toSorted((a, b) => a - b);
  const entries = { from: [] as number[], to: [] as number[], burst: [] as number[] };
  let next = 0;
  let first = 0;
  for (let range = start[row]!; range < start[row + 1]!; range++) {
    const end = first + bytes[range]!;
    /** Address of byte 0 of the row, if all of it lay in this range. */
    const base = address[range]! - first;
    while (next < ascending.length && ascending[next]! < end) {
      const burst = Math.floor((base + ascending[next]!) / burstBytes);
      const begin = burst * burstBytes - base;
      entries.from.push(Math.max(first, begin));
      entries.to.push(Math.min(end, begin + burstBytes));
      entries.burst.push(burst);
      while (next < ascending.length && ascending[next]! < begin + burstBytes) next++;
    }
    first = end;
  }
  return entries;
}

/** Bytes of a row in bursts that it shares with other bytes; any read of these reads the burst. */
function sharedOffsets(
  { start, address, bytes }: RowRanges,
  row: number,
  burstBytes: number,
  watched: (burst: number) => boolean,
): number[] {
  const offsets: number[] = [];
  let first = 0;
  for (let range = start[row]!; range < start[row + 1]!; range++) {
    const last = address[range]! + bytes[range]! - 1;
    for (const at of [address[range]!, last]) {
      const burst = Math.floor(at / burstBytes);
      const whole = address[range]! <= burst * burstBytes && last >= (burst + 1) * burstBytes - 1;
      if (!whole && watched(burst)) offsets.push(first + at - address[range]!);
    }
    first += bytes[range]!;
  }
  return offsets;
}

function placesOf({ decode }: AddressMapping, banksPerGroup: number): (burst: number) => BurstPlace {
  const at = new Int32Array(6);
  return (burst) => {
    decode(burst, at);
    const [channel, rank, group, bank, row, column] = at;
    return {
      channel: channel!,
      rank: rank!,
      bank: group! * banksPerGroup + bank!,
      row: row!,
      column: column!,
    };
  };
}

import { type BurstPlace, type ReadActivations, watchReads } from '../dram/read-activations.ts';
import type { FlippingCells } from '../faults/inject.ts';
import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import type { Bytes } from '../units/flavours.ts';

/**
 * When a cell that flips only now and then draws: `activation`, as its row is opened, so that all reads until the row is
 * closed give the same; `read`, at each read; `persistent`, as its row is opened, and the wrong value that it then restores
 * stays until it is written.
 */
export const READ_DRAWS = ['activation', 'read', 'persistent'] as const;
export type ReadDraw = (typeof READ_DRAWS)[number];

/** The burst in which a cell lies. */
export const burstOfCell = (
  { stretch, rowBit }: FlippingCells,
  { channel, rank, bank, row }: Placement,
  burstBytes: Bytes,
  cell: number,
): BurstPlace => {
  const s = stretch[cell]!;
  return {
    channel: channel[s]!,
    rank: rank[s]!,
    bank: bank[s]!,
    row: row[s]!,
    column: Math.floor(rowBit[cell]! / (8 * burstBytes)),
  };
};

/** Cells that may flip in one read and not in another. */
export const uncertainCells = ({ probability }: FlippingCells): number[] =>
  Array.from(probability.keys()).filter((cell) => probability[cell]! < 1);

/** Watches the reads of all bursts that hold uncertain cells; answers each such cell's burst by its number, else -1. */
export function watchCells(
  cells: FlippingCells,
  placement: Placement,
  organisation: Organisation,
): { readonly reads: ReadActivations; readonly burstOf: Int32Array } {
  const burstBytes = bytesPerBurst(organisation);
  const uncertain = uncertainCells(cells);
  const places = uncertain.map((cell) => burstOfCell(cells, placement, burstBytes, cell));
  const reads = watchReads(organisation, places);
  const burstOf = new Int32Array(cells.size).fill(-1);
  for (const [i, cell] of uncertain.entries()) burstOf[cell] = reads.burst(places[i]!);
  return { reads, burstOf };
}

/** Cells of which each stays flipped from its first flip on, since nothing writes them: draw n stands for all up to it. */
export function persistentCells(cells: FlippingCells): FlippingCells {
  /** The draws of each cell that were looked at, and whether one of them flipped it. */
  const looked = new Int32Array(cells.size);
  const flippedAt = new Int32Array(cells.size).fill(-1);
  return {
    ...cells,
    flips(i, n) {
      while (flippedAt[i] === -1 && looked[i]! <= n) {
        if (cells.flips(i, looked[i]!)) flippedAt[i] = looked[i]!;
        looked[i]!++;
      }
      return flippedAt[i] !== -1 && flippedAt[i]! <= n;
    },
  };
}

/** The cells as a kind of draw has them. */
export const drawnCells = (cells: FlippingCells, draw: ReadDraw): FlippingCells =>
  draw === 'persistent' ? persistentCells(cells) : cells;

import { type BurstPlace, type ReadActivations, watchReads } from '../dram/read-activations.ts';
import type { RewritesBefore } from '../dram/row-rewrites.ts';
import type { FlippingCells } from '../faults/inject.ts';
import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import type { Bytes } from '../units/flavours.ts';
import type { DrawOf } from './row-reads.ts';

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

/** The activations of a cell's row by which it draws. */
export interface ServingActivations {
  /** The activation that served read n of the cell's weight row. */
  readonly serving: DrawOf;
  /** The activation that served the first read of the cell's row since that was last written anew before this read. */
  readonly firstSinceRewriting: DrawOf;
}

/** Watches the reads of all bursts that hold uncertain cells; with `rewritesBefore` all rows are written anew now and then. */
export function watchCells(
  cells: FlippingCells,
  placement: Placement,
  organisation: Organisation,
  rewritesBefore?: RewritesBefore,
): ServingActivations & { readonly reads: ReadActivations } {
  const burstBytes = bytesPerBurst(organisation);
  const uncertain = uncertainCells(cells);
  const places = uncertain.map((cell) => burstOfCell(cells, placement, burstBytes, cell));
  const reads = watchReads(organisation, places, rewritesBefore);
  const burstOf = new Int32Array(cells.size).fill(-1);
  for (const [i, cell] of uncertain.entries()) burstOf[cell] = reads.burst(places[i]!);
  return {
    reads,
    serving: (cell, n) => reads.of(burstOf[cell]!, n),
    firstSinceRewriting: (cell, n) => reads.firstSinceRewriting(burstOf[cell]!, n),
  };
}

/**
 * Cells of which each stays flipped from the first activation that flips it until its row is written anew. `flips(i, n)`
 * answers for read n of the weight row of cell i. It is fastest where reads of a cell are asked about in their order.
 */
export function persistentCells(
  cells: FlippingCells,
  { serving, firstSinceRewriting }: ServingActivations,
): FlippingCells {
  /** By cell: the activation from which its draws were looked at, how many were, and the one that flipped it. */
  const from = new Int32Array(cells.size);
  const looked = new Int32Array(cells.size);
  const flippedAt = new Int32Array(cells.size).fill(-1);
  return {
    ...cells,
    flips(i, n) {
      if (cells.probability[i]! >= 1) return true;
      const first = firstSinceRewriting(i, n);
      const last = serving(i, n);
      if (from[i] !== first) {
        from[i] = first;
        looked[i] = 0;
        flippedAt[i] = -1;
      }
      for (; flippedAt[i] === -1 && first + looked[i]! <= last; looked[i]!++)
        if (cells.flips(i, first + looked[i]!)) flippedAt[i] = first + looked[i]!;
      return flippedAt[i] !== -1 && flippedAt[i]! <= last;
    },
  };
}

/** The cells as a kind of draw has them, and which of their draws decides each read; by default that of the read's number. */
export function drawnCells(
  cells: FlippingCells,
  draw: ReadDraw,
  activations: ServingActivations | undefined,
): { readonly cells: FlippingCells; readonly draw?: DrawOf } {
  if (draw === 'read' || activations === undefined) return { cells };
  return draw === 'persistent'
    ? { cells: persistentCells(cells, activations) }
    : { cells, draw: activations.serving };
}

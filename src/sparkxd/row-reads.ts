import { decodeImage } from '../faults/ecc.ts';
import type { FlippingCells } from '../faults/inject.ts';
import type { BitLayout } from '../mapping/bit-layout.ts';
import { rowOfByte, rowStarts, type WeightLayout } from '../mapping/weight-image.ts';
import { unpackCodes, weightBits } from '../snn/weight-format.ts';
import { type RowRepair, rowLoader } from './repair-on-load.ts';
import type { StoredTensors } from './stored-tensors.ts';

/** What single reads of weight rows give back. */
export interface RowReads {
  /** Whether two reads of the row (of all rows, as the layout numbers them) may differ. */
  varies(row: number): boolean;
  /** Wrong bits, check bits included, in the n-th read (from 0) of the row. */
  flippedBits(row: number, n: number): number;
  /** The row's weights as the loader makes them of its n-th read: corrected, decoded, repaired. */
  weights(row: number, n: number): Float32Array;
}

/** Which draw of a cell decides its bit in read n of a weight row. */
export type DrawOf = (cell: number, n: number) => number;

export interface ReadingConditions {
  readonly repair: RowRepair;
  /** By default each read draws anew: draw n is that of read n. */
  readonly draw?: DrawOf;
}

/**
 * Single reads of the weight rows of a chip. `cells` are those of the weights (`WeightMemory.cells`). A cell's draw
 * d is that of `injectErrors` with this number, whatever the other cells do: draw 0 is what `holdWeights` gives.
 */
export function createRowReads(
  { tensors, layout, image }: StoredTensors,
  cells: FlippingCells,
  { repair, draw = (_cell, n) => n }: ReadingConditions,
): RowReads {
  const load = rowLoader(repair);
  const bitsOf = tensors.map(({ coding }) => weightBits(coding.format));
  const starts = rowStarts(layout);
  const { start, order } = byRow(cells, layout);
  const bitInRow = new Uint32Array(order.length);
  /** Of each row, the number of its tensor. */
  const tensorOf = new Uint16Array(layout.rows);
  for (const [k, { part }] of tensors.entries()) tensorOf.fill(k, part.firstRow, part.firstRow + part.rows);
  for (let row = 0; row < layout.rows; row++)
    for (let i = start[row]!; i < start[row + 1]!; i++)
      bitInRow[i] = cells.imageBit[order[i]!]! - starts[row]! * 8;
  const uncertain = Uint8Array.from({ length: layout.rows }, (_, row) =>
    order.subarray(start[row], start[row + 1]).some((cell) => cells.probability[cell]! < 1) ? 1 : 0,
  );
  /** A row of each tensor as read. */
  const readOf = tensors.map(({ part }) => new Uint8Array(part.rowBytes));
  const certain = Uint8Array.from(cells.probability, (probability) => (probability < 1 ? 0 : 1));
  /** Whether each cell flipped in the latest read of its row that was looked at, and which read that was. */
  const flipped = new Uint8Array(cells.size);
  const looked = new Float64Array(layout.rows).fill(-1);

  function look(row: number, n: number): void {
    if (looked[row] === n || (looked[row]! >= 0 && uncertain[row] === 0)) return;
    looked[row] = n;
    for (let i = start[row]!; i < start[row + 1]!; i++) {
      const cell = order[i]!;
      flipped[i] = cells.flips(cell, certain[cell] ? 0 : draw(cell, n)) ? 1 : 0;
    }
  }

  return {
    varies: (row) => uncertain[row] === 1,
    flippedBits(row, n) {
      look(row, n);
      let count = 0;
      for (let i = start[row]!; i < start[row + 1]!; i++) count += flipped[i]!;
      return count;
    },
    weights(row, n) {
      look(row, n);
      const k = tensorOf[row]!;
      const { coding, columns, region, range, part } = tensors[k]!;
      const { rowBytes } = part;
      const read = readOf[k]!;
      const at = starts[row]!;
      read.set(image.subarray(at, at + rowBytes));
      for (let i = start[row]!; i < start[row + 1]!; i++) {
        const bit = bitInRow[i]!;
        // What lies in the padding is never looked at.
        if (flipped[i] && bit < rowBytes * 8) read[bit >>> 3]! ^= 1 << (bit & 7);
      }
      const bytes = coding.ecc === 'none' ? read : decodeImage(read, [region]).image;
      return load(unpackCodes(bytes, bitsOf[k]!, columns), coding.format, range);
    },
  };
}

/** Cells of an image as written, as cells of the image itself. */
export const cellsOfImage = (cells: FlippingCells, { imageBit }: BitLayout): FlippingCells => ({
  ...cells,
  imageBit: cells.imageBit.map(imageBit),
});

/** The cells in the order of their rows: those of row r are entries `start[r]` to `start[r + 1]` of `order`. */
function byRow({ size, imageBit }: FlippingCells, layout: WeightLayout) {
  const { rows } = layout;
  const start = new Uint32Array(rows + 1);
  const rowOf = Uint32Array.from(imageBit, (bit) => rowOfByte(layout, Math.floor(bit / 8)));
  for (const row of rowOf) start[row + 1]!++;
  for (let row = 0; row < rows; row++) start[row + 1]! += start[row]!;
  const order = new Uint32Array(size);
  const next = start.slice();
  for (let cell = 0; cell < size; cell++) order[next[rowOf[cell]!]!++] = cell;
  return { start, order };
}

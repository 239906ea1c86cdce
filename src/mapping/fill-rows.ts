import { type BankLevels, bankLevels, type RowPlace, rowIndex } from '../hardware/bank-index.ts';
import { bytesPerRow, type Organisation } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import type { Bytes } from '../units/flavours.ts';

/** A part of the image that is placed as a whole, from `imageByte` on; both are whole bursts. */
export interface ImagePiece {
  readonly imageByte: Bytes;
  readonly bytes: Bytes;
}

/** Pieces one after the other and the DRAM rows that they fill in turn, each from its first column on. */
export interface Filling {
  readonly pieces: Iterable<ImagePiece>;
  readonly rows: Iterable<RowPlace>;
  /** The tensors that the pieces are of, where they have a limit of their own by which the rows were chosen. */
  readonly within?: { readonly tensors: readonly string[]; readonly berLimit: number };
}

/**
 * Fills rows with pieces: first all of the first filling, then the second in the rows that are left, and so on. A
 * piece that ends inside a row leaves the rest of it to the next piece. Returns the placement with its stretches in
 * image order, or the number of the first filling whose rows do not suffice, and how many there were that no filling before
 * it took.
 */
export function fillRows(
  fillings: readonly Filling[],
  imageBytes: Bytes,
  organisation: Organisation,
): Placement | { readonly full: number; readonly rows: number } {
  const rowBytes = bytesPerRow(organisation);
  const levels = bankLevels(organisation);
  const stretches: (RowPlace & ImagePiece & { readonly byteInRow: Bytes })[] = [];
  const used = new Set<number>();
  for (const [number, { pieces, rows }] of fillings.entries()) {
    const source = rows[Symbol.iterator]();
    let row: RowPlace | undefined;
    let filled = rowBytes;
    let taken = 0;
    for (const { imageByte, bytes } of pieces) {
      for (let done = 0; done < bytes; ) {
        if (filled === rowBytes) {
          row = nextUnused(source, used, levels);
          if (!row) return { full: number, rows: taken };
          taken++;
          filled = 0;
        }
        const length = Math.min(rowBytes - filled, bytes - done);
        stretches.push({ ...row!, byteInRow: filled, imageByte: imageByte + done, bytes: length });
        filled += length;
        done += length;
      }
    }
  }
  stretches.sort((a, b) => a.imageByte - b.imageByte);
  return {
    stretches: stretches.length,
    imageBytes,
    channel: Uint8Array.from(stretches, ({ channel }) => channel),
    rank: Uint8Array.from(stretches, ({ rank }) => rank),
    bank: Uint16Array.from(stretches, ({ bank }) => bank),
    row: Uint32Array.from(stretches, ({ row }) => row),
    byteInRow: Uint32Array.from(stretches, ({ byteInRow }) => byteInRow),
    imageByte: Uint32Array.from(stretches, ({ imageByte }) => imageByte),
    bytes: Uint32Array.from(stretches, ({ bytes }) => bytes),
  };
}

function nextUnused(source: Iterator<RowPlace>, used: Set<number>, levels: BankLevels): RowPlace | undefined {
  for (let next = source.next(); !next.done; next = source.next()) {
    const { channel, rank, bank, row } = next.value;
    const index = rowIndex(levels, channel, rank, bank, row);
    if (used.has(index)) continue;
    used.add(index);
    return next.value;
  }
  return undefined;
}

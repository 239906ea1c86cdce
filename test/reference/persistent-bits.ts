import { injectErrors } from '../../src/faults/inject.ts';
import type { Chip } from '../../src/faults/weak-cells-at.ts';
import { bytesPerBurst } from '../../src/hardware/device.ts';
import type { Placement } from '../../src/hardware/placement.ts';

/** A memory of weights in which each bit is right or wrong, changed by one command at a time. One channel of one rank. */
export interface PersistentBits {
  /** A row is opened: each of its bits draws, and one that flips is wrong from now on. */
  open(bank: number, row: number): void;
  /**
   * A burst is read, before which all weights were written so many times: the bits of the image that are wrong. A row that
   * was not read since the last writing is written now, and opened again by the activation that it had.
   */
  read(bank: number, row: number, column: number, writings: number): number[];
}

export function createPersistentBits(
  image: Uint8Array,
  placement: Placement,
  chip: Chip,
  supply: number,
): PersistentBits {
  const burst = bytesPerBurst(chip.organisation);
  const wrong = new Array<boolean>(image.length * 8).fill(false);
  const activations = new Map<string, number>();
  const writingsOf = new Map<string, number>();
  /** By number of the draw, the image as all cells would give it back. */
  const draws = new Map<number, Uint8Array>();

  /** Bits of the image in bytes `first` to before `end` of a row. */
  function bitsIn(bank: number, row: number, first: number, end: number): number[] {
    const bits: number[] = [];
    for (let s = 0; s < placement.stretches; s++) {
      if (placement.bank[s] !== bank || placement.row[s] !== row) continue;
      for (let byte = 0; byte < placement.bytes[s]!; byte++) {
        const inRow = placement.byteInRow[s]! + byte;
        if (inRow < first || inRow >= end) continue;
        for (let bit = 0; bit < 8; bit++) bits.push((placement.imageByte[s]! + byte) * 8 + bit);
      }
    }
    return bits;
  }

  const wholeRow = (bank: number, row: number): number[] => bitsIn(bank, row, 0, Number.POSITIVE_INFINITY);

  function draw(bank: number, row: number): void {
    const number = activations.get(`${bank} ${row}`)! - 1;
    let drawn = draws.get(number);
    if (drawn === undefined) {
      drawn = image.slice();
      injectErrors(drawn, placement, chip, supply, { read: number });
      draws.set(number, drawn);
    }
    for (const bit of wholeRow(bank, row)) {
      const byte = Math.floor(bit / 8);
      if (((drawn[byte]! ^ image[byte]!) >> (bit % 8)) & 1) wrong[bit] = true;
    }
  }

  return {
    open(bank, row) {
      const place = `${bank} ${row}`;
      activations.set(place, (activations.get(place) ?? 0) + 1);
      draw(bank, row);
    },
    read(bank, row, column, writings) {
      const place = `${bank} ${row}`;
      if (writings > (writingsOf.get(place) ?? 0)) {
        writingsOf.set(place, writings);
        for (const bit of wholeRow(bank, row)) wrong[bit] = false;
        draw(bank, row);
      }
      return bitsIn(bank, row, column * burst, (column + 1) * burst).filter((bit) => wrong[bit]);
    },
  };
}

import type { CoreObserver } from '../../dram/core/open-core.ts';
import type { SentPiece } from '../../dram/count-reads.ts';
import { ACT, RD, RDA, WR, WRA } from '../../dram/issued-commands.ts';
import { firstFrom, type RowCells } from '../../faults/row-cells.ts';
import { leftBySecded } from '../../faults/side-ecc.ts';
import { bankLevels, rowIndex, subarrayIndex } from '../../hardware/bank-index.ts';
import { burstsPerRow, bytesPerBurst, type Organisation } from '../../hardware/device.ts';
import { createRowTable } from '../../hardware/row-table.ts';
import { createPersistentFlips, isKnown } from './persistent-flips.ts';
import type { WatchedChip, WatchOptions, WrongReadWatch } from './watched-chip.ts';

/** Follows the commands of a replay: each read draws for its cells as its activation, or its own number, has it. */
export function watchWrongReads(
  organisation: Organisation,
  chips: readonly WatchedChip[],
  { ecc, draw, list }: WatchOptions,
): WrongReadWatch {
  const levels = bankLevels(organisation);
  const columns = burstsPerRow(organisation);
  const burstBits = bytesPerBurst(organisation) * 8;
  const activations = createRowTable<number>(levels);
  /** Reads so far of the bursts of each row, where each read draws. */
  const reads = createRowTable<Int32Array>(levels);
  const waiting = list === undefined ? undefined : numberReads(organisation, chips[0]!);

  /** By chip, where flips persist. */
  const held =
    draw === 'persistent' ? chips.map(({ wrong }) => createPersistentFlips(wrong, levels)) : undefined;
  const numbers = new Int32Array(columns);
  const flipped: number[] = [];
  const accesses: (number | undefined)[] = [];

  /** Bursts `column` on of a row were read under one activation, the first at `cycle`, each `step` cycles after the one before. */
  function served(
    channel: number,
    cycle: number,
    rank: number,
    bank: number,
    row: number,
    column: number,
    count: number,
    step: number,
  ): void {
    const index = rowIndex(levels, channel, rank, bank, row);
    if (draw === 'read') for (let k = 0; k < count; k++) numbers[k] = nextRead(index, column + k);
    else numbers.fill((activations.get(index) ?? 0) - 1, 0, count);
    if (waiting) for (let k = 0; k < count; k++) accesses[k] = waiting.served(index, column + k);
    const subarray = subarrayIndex(levels, channel, rank, bank, row);
    for (let chip = 0; chip < chips.length; chip++) {
      const { wrong, found } = chips[chip]!;
      const cells = wrong.of(channel, rank, bank, row);
      const { bits } = cells;
      const end = (column + count) * burstBits;
      for (let cell = firstFrom(bits, column * burstBits); cell < bits.length && bits[cell]! < end; ) {
        const k = Math.floor(bits[cell]! / burstBits) - column;
        const first = (column + k) * burstBits;
        flipped.length = 0;
        for (; cell < bits.length && bits[cell]! < first + burstBits; cell++)
          if (isWrong(chip, index, cells, cell, numbers[k]!)) flipped.push(bits[cell]! - first);
        if (flipped.length === 0) continue;
        const left = ecc === 'none' ? flipped : leftBySecded(flipped);
        if (left.length > 0) found.readsWrong[subarray]!++;
        found.bitsWrong[subarray]! += left.length;
        if (chip > 0 || list === undefined) continue;
        list({
          access: accesses[k]!,
          cycle: cycle + k * step,
          channel,
          rank,
          bank,
          row,
          column: column + k,
          bits: flipped.slice(),
          left: left.slice(),
        });
      }
    }
  }

  function isWrong(chip: number, row: number, cells: RowCells, cell: number, number: number): boolean {
    if (held === undefined || !isKnown(cells, cell)) return chips[chip]!.wrong.flips(cells, cell, number);
    return held[chip]!.isWrong(row, cell);
  }

  function nextRead(index: number, column: number): number {
    let own = reads.get(index);
    if (own === undefined) {
      own = new Int32Array(columns);
      reads.set(index, own);
    }
    return own[column]!++;
  }

  const certain = held === undefined && chips.every(({ wrong }) => wrong.alwaysFlips);

  /** Whether any of the bursts holds a cell of any chip. */
  function anyWeak(
    channel: number,
    rank: number,
    bank: number,
    row: number,
    column: number,
    count: number,
  ): boolean {
    for (let chip = 0; chip < chips.length; chip++) {
      const { bits } = chips[chip]!.wrong.of(channel, rank, bank, row);
      const first = firstFrom(bits, column * burstBits);
      if (first < bits.length && bits[first]! < (column + count) * burstBits) return true;
    }
    return false;
  }

  return {
    ...(waiting ? { sent: waiting.sent } : {}),
    observer: (channel): CoreObserver => ({
      command(_cycle, command, rank, bank, row) {
        if (command !== ACT || certain) return;
        const index = rowIndex(levels, channel, rank, bank, row);
        const before = activations.get(index) ?? 0;
        activations.set(index, before + 1);
        for (const [chip, flips] of held?.entries() ?? [])
          flips.opened(index, chips[chip]!.wrong.of(channel, rank, bank, row), before);
      },
      columns(cycle, command, rank, bank, row, column, count, step) {
        if (command === WR || command === WRA) {
          const index = rowIndex(levels, channel, rank, bank, row);
          const [first, end] = [column * burstBits, (column + count) * burstBits];
          for (const [chip, flips] of held?.entries() ?? [])
            flips.written(index, chips[chip]!.wrong.of(channel, rank, bank, row), first, end);
        }
        if (command !== RD && command !== RDA) return;
        if (!anyWeak(channel, rank, bank, row, column, count)) return;
        served(channel, cycle, rank, bank, row, column, count, step);
      },
      forwarded() {},
    }),
    settle() {},
  };
}

/** Numbers the accesses of the bursts that hold weak cells of a chip, in the order in which they are sent. */
function numberReads(organisation: Organisation, { wrong }: WatchedChip) {
  const levels = bankLevels(organisation);
  const columns = burstsPerRow(organisation);
  const burstBits = bytesPerBurst(organisation) * 8;
  const numbers = new Map<number, number[]>();
  let accesses = 0;
  const sent: SentPiece = (channel, rank, bank, row, column, count, write) => {
    const first = accesses;
    accesses += count;
    if (write) return;
    const { bits } = wrong.of(channel, rank, bank, row);
    const end = (column + count) * burstBits;
    let latest = -1;
    for (let i = firstFrom(bits, column * burstBits); i < bits.length && bits[i]! < end; i++) {
      const burst = Math.floor(bits[i]! / burstBits);
      if (burst === latest) continue;
      latest = burst;
      const key = rowIndex(levels, channel, rank, bank, row) * columns + burst;
      const queue = numbers.get(key);
      if (queue) queue.push(first + burst - column);
      else numbers.set(key, [first + burst - column]);
    }
  };
  return {
    sent,
    /** The number of the access of the burst that was sent first and is served now; undefined where it has no weak cell. */
    served(index: number, column: number): number | undefined {
      const key = index * columns + column;
      const queue = numbers.get(key);
      const number = queue?.shift();
      if (queue?.length === 0) numbers.delete(key);
      return number;
    },
  };
}

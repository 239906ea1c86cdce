import type { CoreObserver } from '../../dram/core/open-core.ts';
import { ACT, RD, RDA, WR, WRA } from '../../dram/issued-commands.ts';
import { watchRewrites } from '../../dram/row-rewrites.ts';
import { firstFrom, type RowCells } from '../../faults/row-cells.ts';
import { leftBySecded } from '../../faults/side-ecc.ts';
import { bankLevels, rowIndex, subarrayIndex } from '../../hardware/bank-index.ts';
import { burstsPerRow, bytesPerBurst, type Organisation } from '../../hardware/device.ts';
import { createRowTable } from '../../hardware/row-table.ts';
import { numberReads } from './number-reads.ts';
import { createPersistentFlips } from './persistent-flips.ts';
import type { WatchedChip, WatchOptions, WrongReads, WrongReadWatch } from './watched-chip.ts';
import { weakBursts } from './weak-bursts.ts';

/** Follows the commands of a replay: each read draws for its cells as its activation, or its own number, has it. */
export function watchWrongReads(
  organisation: Organisation,
  chips: readonly WatchedChip[],
  { ecc, draw, list, rewritesBefore }: WatchOptions,
): WrongReadWatch {
  const levels = bankLevels(organisation);
  const columns = burstsPerRow(organisation);
  const burstBits = bytesPerBurst(organisation) * 8;
  const mayBeWeak = weakBursts(organisation, chips);
  const activations = createRowTable<number>(levels);
  /** Reads so far of the bursts of each row, where each read draws. */
  const reads = createRowTable<Int32Array>(levels);
  const waiting = list === undefined ? undefined : numberReads(organisation, chips[0]!.wrong);
  /** By chip, where flips persist. */
  const held =
    draw === 'persistent' ? chips.map(({ wrong }) => createPersistentFlips(wrong, levels)) : undefined;
  const rewritten = held && rewritesBefore && watchRewrites(levels, columns, rewritesBefore);
  const certain = held === undefined && chips.every(({ wrong }) => wrong.alwaysFlips);
  const flipped = new Uint32Array(Math.max(...chips.map(({ wrong }) => wrong.rowBits)));

  /** `count` bursts from `column` on of a row were read under one activation, the first at `cycle`, each `step` cycles later. */
  function served(
    index: number,
    channel: number,
    rank: number,
    bank: number,
    row: number,
    column: number,
    count: number,
    cycle: number,
    step: number,
  ): void {
    const own = draw === 'read' ? numbersOf(index) : undefined;
    const activation = (activations.get(index) ?? 0) - 1;
    const accesses = waiting && Array.from({ length: count }, (_, k) => waiting.served(index, column + k)!);
    const subarray = subarrayIndex(levels, channel, rank, bank, row);
    for (let chip = 0; chip < chips.length; chip++) {
      const { wrong, found } = chips[chip]!;
      const cells = wrong.of(channel, rank, bank, row);
      const from = firstFrom(cells.bits, column * burstBits);
      const { bits } = cells;
      const end = (column + count) * burstBits;
      let to = from;
      while (to < bits.length && bits[to]! < end) to++;
      if (from === to) continue;
      let size: number;
      if (held) size = held[chip]!.wrong(index, cells, from, to, flipped);
      else if (own) size = drawEachRead(chip, cells, from, to, own);
      else size = wrong.flips(cells, from, to, activation, flipped);
      if (size === 0) continue;
      if (ecc === 'none' && (list === undefined || chip > 0)) tally(found, subarray, cells, size);
      else
        tallyBursts(found, subarray, cells, size, (burst, wrong, left) => {
          if (list === undefined || accesses === undefined || chip > 0) return;
          const nth = burst - column;
          const place = { channel, rank, bank, row, column: burst };
          list({ access: accesses[nth]!, cycle: cycle + nth * step, ...place, bits: wrong, left });
        });
    }
    if (own) for (let k = 0; k < count; k++) own[column + k]!++;
  }

  /** Fills `flipped` where each burst draws with the number of its own read. */
  function drawEachRead(chip: number, cells: RowCells, from: number, to: number, own: Int32Array): number {
    const { wrong } = chips[chip]!;
    let size = 0;
    for (let cell = from; cell < to; ) {
      const burst = Math.floor(cells.bits[cell]! / burstBits);
      let end = cell + 1;
      while (end < to && cells.bits[end]! < (burst + 1) * burstBits) end++;
      size += wrong.flips(cells, cell, end, own[burst]!, flipped.subarray(size));
      cell = end;
    }
    return size;
  }

  /** Counts the first `size` of `flipped`. */
  function tally({ readsWrong, bitsWrong }: WrongReads, subarray: number, { bits }: RowCells, size: number) {
    let bursts = 0;
    for (let k = 0, end = 0; k < size; k++) {
      const bit = bits[flipped[k]!]!;
      if (bit < end) continue;
      bursts++;
      end = (Math.floor(bit / burstBits) + 1) * burstBits;
    }
    readsWrong[subarray]! += bursts;
    bitsWrong[subarray]! += size;
  }

  /** The same burst by burst, each corrected by its check bits. */
  function tallyBursts(
    { readsWrong, bitsWrong }: WrongReads,
    subarray: number,
    { bits }: RowCells,
    size: number,
    each: (burst: number, wrong: readonly number[], left: readonly number[]) => void,
  ): void {
    for (let k = 0; k < size; ) {
      const burst = Math.floor(bits[flipped[k]!]! / burstBits);
      const wrong: number[] = [];
      for (; k < size && bits[flipped[k]!]! < (burst + 1) * burstBits; k++)
        wrong.push(bits[flipped[k]!]! - burst * burstBits);
      const left = ecc === 'none' ? wrong : leftBySecded(wrong);
      if (left.length > 0) readsWrong[subarray]!++;
      bitsWrong[subarray]! += left.length;
      each(burst, wrong, left.slice());
    }
  }

  /** All of a row was written anew, and then opened by the activation that serves its next reads. */
  function rewrite(index: number, channel: number, rank: number, bank: number, row: number): void {
    for (let chip = 0; chip < chips.length; chip++) {
      const { wrong } = chips[chip]!;
      const cells = wrong.of(channel, rank, bank, row);
      held![chip]!.written(index, cells, 0, wrong.rowBits);
      held![chip]!.opened(index, cells, (activations.get(index) ?? 0) - 1);
    }
  }

  function numbersOf(index: number): Int32Array {
    let own = reads.get(index);
    if (own === undefined) {
      own = new Int32Array(columns);
      reads.set(index, own);
    }
    return own;
  }

  return {
    ...(waiting ? { sent: waiting.sent } : {}),
    observer: (channel): CoreObserver => ({
      command(_cycle, command, rank, bank, row) {
        if (command !== ACT || certain) return;
        const index = rowIndex(levels, channel, rank, bank, row);
        const before = activations.get(index) ?? 0;
        activations.set(index, before + 1);
        if (held)
          for (let chip = 0; chip < chips.length; chip++)
            held[chip]!.opened(index, chips[chip]!.wrong.of(channel, rank, bank, row), before);
      },
      columns(cycle, command, rank, bank, row, column, count, step) {
        const index = rowIndex(levels, channel, rank, bank, row);
        if ((command === RD || command === RDA) && rewritten?.(index, column, count))
          rewrite(index, channel, rank, bank, row);
        if (!mayBeWeak(index, channel, rank, bank, row, column, count)) return;
        if (command === RD || command === RDA)
          served(index, channel, rank, bank, row, column, count, cycle, step);
        else if (held && (command === WR || command === WRA))
          for (let chip = 0; chip < chips.length; chip++)
            held[chip]!.written(
              index,
              chips[chip]!.wrong.of(channel, rank, bank, row),
              column * burstBits,
              (column + count) * burstBits,
            );
      },
      forwarded() {},
    }),
    settle() {},
  };
}

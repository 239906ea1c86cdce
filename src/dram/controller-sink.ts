import type { Cycles } from '../units/flavours.ts';

/** What a controller tells of itself while it runs. Commands index `ISSUED_COMMANDS`; `bank` is flat in its rank. */
export interface ControllerSink {
  /** Any command but a column; bank -1 and row 0 for those to a rank, row 0 for REFpb. */
  command(cycle: Cycles, command: number, rank: number, bank: number, row: number): void;
  /**
   * `count` columns (RD, WR, RDA or WRA) of consecutive bursts of an open row, the first at `cycle`, each next `step`
   * cycles later. They had entered `enteredStep` cycles apart from `entered` on; the first took `condition`, the others
   * are hits.
   */
  columns(
    cycle: Cycles,
    command: number,
    rank: number,
    bank: number,
    row: number,
    column: number,
    count: number,
    step: Cycles,
    condition: number,
    entered: Cycles,
    enteredStep: Cycles,
  ): void;
  /** A read that entered at `cycle` and was answered from the write queue, one cycle later. */
  forwarded(cycle: Cycles): void;
}

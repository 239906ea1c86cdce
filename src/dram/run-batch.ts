import { RUN, RUN_LENGTH } from './core/layout.ts';

const { write: WRITE, rank: RANK, bank: BANK, row: ROW, column: COLUMN, count: COUNT } = RUN;
/** The arrival as an element of 64-bit numbers, and how many of those a run takes. */
const ARRIVAL = RUN.arrival / 2;
const RUN_DOUBLES = RUN_LENGTH / 2;

/** Runs that cross into WebAssembly at once. */
export const BATCH = 1024;

/** Bytes of a run. */
export const RUN_BYTES = RUN_LENGTH * Int32Array.BYTES_PER_ELEMENT;

/** Runs of requests on their way into the core, collected so that many of them take one call into WebAssembly. */
export class RunBatch {
  // A class, because V8 inlines methods of a prototype, but not a closure of which each controller has its own; that costs
  // 7 ns a request.
  private submitted = 0;
  /** The column behind the last run; -1 before the first. A field is read faster than what lies in the core's memory. */
  private following = -1;
  private readonly words: Int32Array;
  private readonly arrivals: Float64Array;
  private readonly serve: (runs: number) => void;
  private readonly capacity: number;

  /** Room for `capacity` runs in the core's memory from byte `offset` on; `serve` makes the core take the first so many. */
  constructor(memory: ArrayBuffer, offset: number, capacity: number, serve: (runs: number) => void) {
    this.words = new Int32Array(memory, offset, capacity * RUN_LENGTH);
    this.arrivals = new Float64Array(memory, offset, capacity * RUN_DOUBLES);
    this.capacity = capacity;
    this.serve = serve;
  }

  /**
   * Queues a run. Same effect as `offer` then `runUntil`, but deferred until the batch fills or `drain` is called. A run that
   * goes on where the last one ends becomes a part of it, if it arrives by the time that the last one can have entered.
   */
  submit(
    write: boolean,
    rank: number,
    bank: number,
    row: number,
    column: number,
    count: number,
    arrival: number,
  ): void {
    const { words, arrivals, submitted } = this;
    const at = submitted * RUN_LENGTH;
    const last = at - RUN_LENGTH;
    if (
      this.following === column &&
      words[last + ROW] === row &&
      words[last + BANK] === bank &&
      words[last + RANK] === rank &&
      this.extend(write, count, arrival)
    )
      return;
    arrivals[submitted * RUN_DOUBLES + ARRIVAL] = arrival;
    words[at + WRITE] = write ? 1 : 0;
    words[at + RANK] = rank;
    words[at + BANK] = bank;
    words[at + ROW] = row;
    words[at + COLUMN] = column;
    words[at + COUNT] = count;
    this.following = column + count;
    if (++this.submitted === this.capacity) this.flush();
  }

  /**
   * Makes requests in the columns behind those of the run queued last a part of it. False, and nothing queued, where there is
   * no such run, or it goes the other way, or they arrive later than it can have entered: requests enter one a cycle.
   */
  extend(write: boolean, count: number, arrival: number): boolean {
    const { words, arrivals } = this;
    const last = this.submitted - 1;
    if (last < 0) return false;
    const at = last * RUN_LENGTH;
    const waiting = words[at + COUNT]!;
    if ((words[at + WRITE] === 1) !== write) return false;
    if (arrival > arrivals[last * RUN_DOUBLES + ARRIVAL]! + waiting) return false;
    words[at + COUNT] = waiting + count;
    this.following += count;
    return true;
  }

  /** Makes the core take all runs collected so far. */
  flush(): void {
    const runs = this.submitted;
    this.submitted = 0;
    this.following = -1;
    this.serve(runs);
  }
}

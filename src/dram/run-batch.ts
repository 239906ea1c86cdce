/** Words of one run: `Run` of core/assembly/state.ts. */
const RUN_WORDS = 8;

/** Runs of requests on their way into the core: crossing into WebAssembly once for many of them. */
export class RunBatch {
  // A class, because V8 inlines a method of a prototype but no closure of each controller: 7 ns a request.
  private submitted = 0;
  private readonly words: Int32Array;
  private readonly arrivals: Float64Array;
  private readonly serve: (runs: number) => void;
  private readonly capacity: number;

  /** `capacity` runs, which lie in the core's memory from `offset` on; `serve` has the core take the first so many. */
  constructor(memory: ArrayBuffer, offset: number, capacity: number, serve: (runs: number) => void) {
    this.words = new Int32Array(memory, offset, capacity * RUN_WORDS);
    this.arrivals = new Float64Array(memory, offset, (capacity * RUN_WORDS) / 2);
    this.capacity = capacity;
    this.serve = serve;
  }

  /** As offering a run and running until it has entered, but some time before the controller drains at the latest. */
  submit(
    write: boolean,
    rank: number,
    bank: number,
    row: number,
    column: number,
    count: number,
    arrival: number,
  ): void {
    const { words } = this;
    const at = this.submitted * RUN_WORDS;
    this.arrivals[at >> 1] = arrival;
    words[at + 2] = write ? 1 : 0;
    words[at + 3] = rank;
    words[at + 4] = bank;
    words[at + 5] = row;
    words[at + 6] = column;
    words[at + 7] = count;
    if (++this.submitted === this.capacity) this.flush();
  }

  /** Has the core take what waits here. */
  flush(): void {
    const runs = this.submitted;
    this.submitted = 0;
    this.serve(runs);
  }
}

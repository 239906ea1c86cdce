// What the host hands in to watch the core: `CoreObserver` of ../open-core.ts. Banks are numbered in their rank, as the
// host counts; cycles are counted from the start of the simulation.

/** One command other than a column. `bank` is -1 and `row` 0 for commands to a whole rank. */
export declare function command(cycle: f64, command: i32, rank: i32, bank: i32, row: i32): void;

/**
 * `count` columns of one row, the first at `cycle` and `column`, each `step` cycles and one column after the one before.
 * `condition` is the first request's; the others are row hits. `entered` is the cycle at which the first request entered
 * its queue, `enteredStep` the cycles between the entries.
 */
export declare function columns(
  cycle: f64,
  command: i32,
  rank: i32,
  bank: i32,
  row: i32,
  column: i32,
  count: i32,
  step: i32,
  condition: i32,
  entered: f64,
  enteredStep: f64,
): void;

/** A read that was answered from the write queue at `cycle`. */
export declare function forwarded(cycle: f64): void;

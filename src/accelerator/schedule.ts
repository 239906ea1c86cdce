import type { Workload } from './workload.ts';

/** What one inference computes, in order. */
export interface Schedule {
  /** The weight row of each item. */
  readonly rows: ArrayLike<number>;
  /** How often the item adds its row to the neurons. */
  readonly passes: ArrayLike<number>;
  /** Neuron updates (of all neurons) before each item, and after the last: one more than items. */
  readonly updates: ArrayLike<number>;
  /** Whether a row on chip is used again; otherwise each item fetches its own, and no row occurs twice. */
  readonly buffered: boolean;
  /** Inferences that it serves together: so many updates belong to a time step. */
  readonly images: number;
  /** The neurons that each update updates, by their number in the machine; 0 by default. */
  readonly populations?: ArrayLike<number>;
  /** Updates of the core, and sets of spikes of other cores, that come before each item is looked up, since they say which it is; none by default. */
  readonly after?: ArrayLike<number>;
  readonly heard?: ArrayLike<number>;
  /** Update n waits for set n - `behind` of other cores' spikes; by default those of a time step before. */
  readonly behind?: number;
}

/** Input spikes: step t holds entries `offsets[t]` to `offsets[t + 1]` of `inputs`. */
export interface SpikeTrain {
  readonly steps: number;
  readonly offsets: ArrayLike<number>;
  readonly inputs: ArrayLike<number>;
}

/**
 * The schedule of one inference of `inputs` inputs. `event`: an item a spike, in order, and an update as each time step
 * ends. `stream`: an item an input, each row once; it adds its row for each spike of its input into sums by time step
 * (which the accelerator keeps), and all steps' updates follow the last row.
 */
export function scheduleOf(workload: Workload, inputs: number, spikes: SpikeTrain): Schedule {
  const { steps, offsets } = spikes;
  const count = offsets[steps]!;
  if (workload === 'stream') {
    const passes = new Uint32Array(inputs);
    for (let i = 0; i < count; i++) passes[spikes.inputs[i]!]!++;
    const updates = new Uint32Array(inputs + 1);
    updates[inputs] = steps;
    return {
      rows: Uint32Array.from({ length: inputs }, (_, row) => row),
      passes,
      updates,
      buffered: false,
      images: 1,
    };
  }
  const rows = new Uint32Array(count);
  for (let i = 0; i < count; i++) rows[i] = spikes.inputs[i]!;
  const updates = new Uint32Array(count + 1);
  for (let step = 0; step < steps; step++) updates[offsets[step + 1]!]!++;
  return { rows, passes: new Uint32Array(count).fill(1), updates, buffered: true, images: 1 };
}

/**
 * The schedule of several inferences together, whose spikes have equally many steps: each row that any of them needs in a time step
 * (in `stream`, at all) is an item once, in the order of the first need, and is added for each of them; all neurons of each are
 * updated as the step ends.
 */
export function scheduleOfBatch(workload: Workload, inputs: number, batch: readonly SpikeTrain[]): Schedule {
  const [first] = batch;
  if (first === undefined) throw new Error('a batch of nothing');
  if (batch.length === 1) return scheduleOf(workload, inputs, first);
  const { steps } = first;
  if (workload === 'stream') {
    const each = batch.map((spikes) => scheduleOf(workload, inputs, spikes));
    const passes = Uint32Array.from({ length: inputs }, (_, row) =>
      each.reduce((sum, schedule) => sum + schedule.passes[row]!, 0),
    );
    const updates = new Uint32Array(inputs + 1);
    updates[inputs] = steps * batch.length;
    return { ...each[0]!, passes, updates, images: batch.length };
  }
  const rows: number[] = [];
  const passes: number[] = [];
  const updates: number[] = [];
  const itemOf = new Int32Array(inputs);
  for (let step = 0; step < steps; step++) {
    const begin = rows.length;
    for (const { offsets, inputs: spiking } of batch)
      for (let i = offsets[step]!; i < offsets[step + 1]!; i++) {
        const row = spiking[i]!;
        const item = itemOf[row]!;
        if (item >= begin && rows[item] === row) passes[item]!++;
        else {
          itemOf[row] = rows.length;
          rows.push(row);
          passes.push(1);
        }
      }
    updates[rows.length] = (updates[rows.length] ?? 0) + batch.length;
  }
  return {
    rows,
    passes,
    updates: Uint32Array.from({ length: rows.length + 1 }, (_, item) => updates[item] ?? 0),
    buffered: true,
    images: batch.length,
  };
}

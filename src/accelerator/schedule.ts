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
    return { rows: Uint32Array.from({ length: inputs }, (_, row) => row), passes, updates, buffered: false };
  }
  const rows = new Uint32Array(count);
  for (let i = 0; i < count; i++) rows[i] = spikes.inputs[i]!;
  const updates = new Uint32Array(count + 1);
  for (let step = 0; step < steps; step++) updates[offsets[step + 1]!]!++;
  return { rows, passes: new Uint32Array(count).fill(1), updates, buffered: true };
}

import type { Workload } from '../accelerator/workload.ts';
import type { InputSpikes } from '../snn/encoder.ts';
import { createInference } from '../snn/infer.ts';
import { inputCount, type Network } from '../snn/network.ts';
import type { RowReads } from './row-reads.ts';

/** Inference on weight rows as their fetches brought them. */
export interface FetchedInference {
  /** An item of the inference that comes next fetches its row; in the order of items. */
  fetch(item: number): void;
  /**
   * Answers the spikes of weight rows (`createRowSpikes`): spikes of each neuron, which the next call overwrites, and the wrong bits among all that was fetched for them. Each
   * item adds what the latest fetch of its row brought, in this inference or an earlier one.
   */
  respond(spikes: InputSpikes): { readonly counts: Uint16Array; readonly flippedBits: number };
}

/**
 * `network` has the weights of the rows whose reads are all alike, `inputs` the input of each row. Items are the spikes of rows
 * (`event`) or the rows (`stream`), as `scheduleOf` has them.
 */
export function createFetchedInference(
  network: Network,
  reads: RowReads,
  inputs: Uint32Array,
  workload: Workload,
): FetchedInference {
  const inference = createInference(network);
  const rows = inputs.length;
  const whole = rows === inputCount(network);
  const fetches = new Uint32Array(rows);
  /** The read of each row that the kernel holds; none of those that may differ at first. */
  const held = new Int32Array(rows).fill(-1);
  const fetchedBy: number[] = [];
  let readOf = new Uint32Array(0);
  const everyRow = Uint32Array.from({ length: rows }, (_, row) => row);

  /** Numbers the reads of this inference's items, and answers how many of their bits are wrong. */
  function number(items: ArrayLike<number>, count: number): number {
    if (readOf.length < count) readOf = new Uint32Array(2 * count);
    let flippedBits = 0;
    let next = 0;
    for (let item = 0; item < count; item++) {
      const row = items[item]!;
      if (fetchedBy[next] === item) {
        flippedBits += reads.flippedBits(row, fetches[row]!);
        fetches[row]!++;
        next++;
      }
      readOf[item] = fetches[row]! - 1;
    }
    fetchedBy.length = 0;
    return flippedBits;
  }

  return {
    fetch(item) {
      fetchedBy.push(item);
    },
    respond(spikes) {
      const { inputs: rowOf, offsets, steps } = spikes;
      const stream = workload === 'stream';
      const flippedBits = stream ? number(everyRow, rows) : number(rowOf, offsets[steps]!);
      const onInputs = whole ? spikes : { ...spikes, inputs: rowOf.map((row) => inputs[row]!) };
      const counts = inference.respond(onInputs, (from, to) => {
        for (let spike = from; spike < to; spike++) {
          const row = rowOf[spike]!;
          const read = readOf[stream ? row : spike]!;
          if (held[row] === read || !reads.varies(row)) continue;
          inference.setRow(inputs[row]!, reads.weights(row, read));
          held[row] = read;
        }
      });
      return { counts, flippedBits };
    },
  };
}

/**
 * Inference whose weights are loaded anew, all of them, before each presentation: `loads` gives what loading number n makes
 * of them, `reads` counts the wrong bits. Takes the workload `stream`, of which every row is fetched once an inference.
 */
export function createLoadedInference(
  network: Network,
  loads: (n: number) => Float32Array,
  reads: RowReads,
): FetchedInference {
  const inference = createInference(network);
  let loaded = 0;
  let rows = 0;
  return {
    fetch() {
      rows++;
    },
    respond(spikes) {
      inference.setWeights(loads(loaded));
      let flippedBits = 0;
      for (let row = 0; row < rows; row++) flippedBits += reads.flippedBits(row, loaded);
      rows = 0;
      loaded++;
      return { counts: inference.respond(spikes), flippedBits };
    },
  };
}

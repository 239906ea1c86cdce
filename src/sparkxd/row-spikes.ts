import type { InputSpikes } from '../snn/encoder.ts';
import { inputCount } from '../snn/network.ts';
import type { StoredWeights } from './stored-weights.ts';

/**
 * Turns the spikes of inputs into those of weight rows: entry i of `inputs` is then the row that its spike asks for.
 * Spikes of inputs whose weights are not stored are left out, since they add nothing. Where every input has a row, the
 * spikes are given back as they are.
 */
export function createRowSpikes({
  network,
  inputs: stored,
}: Pick<StoredWeights, 'network' | 'inputs'>): (spikes: InputSpikes) => InputSpikes {
  if (stored.length === inputCount(network)) return (spikes) => spikes;
  const rowOf = new Int32Array(inputCount(network)).fill(-1);
  for (const [row, input] of stored.entries()) rowOf[input] = row;
  return ({ steps, offsets, inputs }) => {
    const rows = new Uint16Array(offsets[steps]!);
    const ends = new Uint32Array(steps + 1);
    let kept = 0;
    for (let step = 0; step < steps; step++) {
      for (let i = offsets[step]!; i < offsets[step + 1]!; i++) {
        const row = rowOf[inputs[i]!]!;
        if (row >= 0) rows[kept++] = row;
      }
      ends[step + 1] = kept;
    }
    return { steps, offsets: ends, inputs: rows };
  };
}

import { InputError } from '../errors/input-error.ts';

/**
 * The inputs whose weights are worth their place in DRAM, ascending: all but the least active ones that together make
 * at most `share` of the spikes. Share 0 leaves out those alone that never spike. `spikes` are those expected of each
 * input on the training images (`expectedSpikes`). Throws InputError when no input is left.
 */
export function keptInputs(spikes: Float64Array, share: number): Uint32Array {
  const quietestFirst = [...spikes.keys()].sort((a, b) => spikes[a]! - spikes[b]! || a - b);
  // Summed in the order of the loop below, so that all of them are not a rounding more than all.
  const most = share * quietestFirst.reduce((sum, input) => sum + spikes[input]!, 0);
  let sum = 0;
  let out = 0;
  for (; out < quietestFirst.length; out++) {
    sum += spikes[quietestFirst[out]!]!;
    if (sum > most) break;
  }
  if (out === spikes.length)
    throw new InputError(`leaving out inputs that make up to ${share} of the input spikes leaves none`, {
      remedy: 'give a smaller share',
    });
  return Uint32Array.from(quietestFirst.slice(out)).sort();
}

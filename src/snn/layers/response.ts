import type { Readout } from './layered-network.ts';

/** What a network answered to a presentation. */
export interface Response {
  /** Spikes of each output; all 0 where the output is values. */
  readonly counts: Uint32Array;
  /** Each output's values over the steps, in double precision; meaningless where the output is spikes. */
  readonly potentials: {
    readonly sum: Float64Array;
    readonly max: Float64Array;
    readonly last: Float64Array;
  };
  /** What the readout names, ties to the lowest; for `votes` the output with most spikes, since the votes are another's. */
  readonly class: number;
  /** Spikes that each layer made, by its place; 0 for those that hand on others' or put out values. */
  readonly spikes: Uint32Array;
}

/** Where a readout looks. NaN never wins. */
export function classOf({ counts, potentials }: Omit<Response, 'class'>, readout: Readout): number {
  switch (readout) {
    case 'counts':
    case 'votes':
      return largest(counts);
    case 'potential-sum':
      return largest(potentials.sum);
    case 'potential-max':
      return largest(potentials.max);
    case 'potential-last':
      return largest(potentials.last);
  }
}

function largest(values: ArrayLike<number>): number {
  let place = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k++)
    if (values[k]! > most) {
      most = values[k]!;
      place = k;
    }
  return place;
}

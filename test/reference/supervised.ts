/**
 * Backpropagation through time as the formulas have it, dense, in double precision: one image, one gradient. With `around`, spikes
 * are smooth near a point: the hard spikes there plus the change of the integral of the surrogate since, and the resets are those of the
 * point. The loss then has derivatives, which are those that a surrogate with constant resets means.
 */
export interface ReferenceNetwork {
  readonly sizes: readonly number[];
  /** inputs x outputs, layer by layer. */
  readonly weights: readonly (readonly number[][])[];
  readonly share: number;
  readonly resistance: number;
  readonly threshold: number;
  readonly subtract: boolean;
  readonly objective: 'counts' | 'potential';
  readonly scale: number;
  readonly arctangent: boolean;
  readonly slope: number;
}

/** A point to be smooth around: its spikes and its potentials before the reset, by step, layer and neuron. */
export interface Point {
  readonly spikes: readonly (readonly (readonly number[])[])[];
  readonly before: readonly (readonly (readonly number[])[])[];
}

/** Derivative of a spike by x, the potential above the threshold. */
export const surrogateOf = ({ arctangent, slope }: ReferenceNetwork, x: number): number =>
  arctangent ? slope / 2 / (1 + ((Math.PI / 2) * slope * x) ** 2) : 1 / (1 + slope * Math.abs(x)) ** 2;

/** What that is the derivative of. */
const smoothSpike = ({ arctangent, slope }: ReferenceNetwork, x: number): number =>
  arctangent ? Math.atan((Math.PI / 2) * slope * x) / Math.PI : x / (1 + slope * Math.abs(x));

/** Forward pass: loss, spikes, potentials before the reset. `inputs` has a row of input values a step. */
export function referenceForward(
  network: ReferenceNetwork,
  inputs: readonly (readonly number[])[],
  label: number,
  around?: Point,
): { loss: number; scores: number[]; spikes: number[][][]; before: number[][][] } {
  const { sizes, weights, share, resistance, threshold, subtract, objective, scale } = network;
  const potential = sizes.slice(1).map((size) => new Array<number>(size).fill(0));
  const scores = new Array<number>(sizes.at(-1)!).fill(0);
  const spikes: number[][][] = [];
  const before: number[][][] = [];
  for (const [t, input] of inputs.entries()) {
    let below: readonly number[] = input;
    spikes.push([]);
    before.push([]);
    for (const [k, matrix] of weights.entries()) {
      const silent = objective === 'potential' && k === weights.length - 1;
      const pre = potential[k]!.map((v, j) => {
        const current = below.reduce((sum, value, i) => sum + value * matrix[i]![j]!, 0);
        return v + share * (resistance * current - v);
      });
      const hard = around ? around.spikes[t]![k]! : pre.map((v) => (!silent && v > threshold ? 1 : 0));
      const seen =
        around && !silent
          ? pre.map((v, j) => {
              const since = around.before[t]![k]![j]! - threshold;
              return hard[j]! + smoothSpike(network, v - threshold) - smoothSpike(network, since);
            })
          : hard;
      potential[k] = pre.map((v, j) => (subtract ? v - hard[j]! * threshold : v * (1 - hard[j]!)));
      spikes[t]!.push([...seen]);
      before[t]!.push(pre);
      for (let j = 0; silent && j < scores.length; j++) scores[j]! += pre[j]!;
      for (let j = 0; !silent && k === weights.length - 1 && j < scores.length; j++) scores[j]! += seen[j]!;
      below = seen;
    }
  }
  const most = Math.max(...scores.map((s) => scale * s));
  const total = Math.log(scores.reduce((sum, s) => sum + Math.exp(scale * s - most), 0)) + most;
  return { loss: total - scale * scores[label]!, scores, spikes, before };
}

/** Gradients of the loss by the weights, inputs x outputs, layer by layer: spikes are hard, their derivatives the surrogate's. */
export function referenceGradients(
  network: ReferenceNetwork,
  inputs: readonly (readonly number[])[],
  label: number,
): number[][][] {
  const { sizes, weights, share, resistance, threshold, subtract, objective, scale } = network;
  const { scores, spikes, before } = referenceForward(network, inputs, label);
  const most = Math.max(...scores.map((s) => scale * s));
  const powers = scores.map((s) => Math.exp(scale * s - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  const slopes = powers.map((p, j) => scale * (p / sum - (j === label ? 1 : 0)));
  const gradients = weights.map((matrix) => matrix.map((row) => row.map(() => 0)));
  const carry = sizes.slice(1).map((size) => new Array<number>(size).fill(0));
  const last = weights.length - 1;
  for (let t = inputs.length - 1; t >= 0; t--) {
    let error = slopes;
    for (let k = last; k >= 0; k--) {
      const silent = objective === 'potential' && k === last;
      const delta = before[t]![k]!.map((v, j) => {
        if (silent) return carry[k]![j]! + error[j]!;
        const kept = !subtract && spikes[t]![k]![j] === 1 ? 0 : carry[k]![j]!;
        return kept + error[j]! * surrogateOf(network, v - threshold);
      });
      carry[k] = delta.map((d) => d * (1 - share));
      const byCurrent = delta.map((d) => d * share * resistance);
      const below = k === 0 ? inputs[t]! : spikes[t]![k - 1]!;
      for (const [i, value] of below.entries())
        for (const [j, d] of byCurrent.entries()) gradients[k]![i]![j]! += value * d;
      error = weights[k]!.map((row) => row.reduce((total, w, j) => total + w * byCurrent[j]!, 0));
    }
  }
  return gradients;
}

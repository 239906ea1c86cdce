import { log1p } from '../elementary/logarithm.ts';
import { exponentialOf } from '../random/exponential.ts';
import {
  createFastStream,
  type FastStream,
  nextOpenUniform,
  nextUint32,
  reseed,
  streamKey,
} from '../random/streams.ts';
import { roundedWeights } from '../snn/rounded-weights.ts';
import type { SeeWeights } from '../snn/supervised/train.ts';
import { decodeWeight, encodeWeight, type WeightFormat, weightBits } from '../snn/weight-format.ts';
import { boundsOf, isPlausible, nearestPlausible } from './plausible-weights.ts';
import type { TensorRepair } from './repair-on-load.ts';

/** How the bit error rate goes over a training: `constant`; `step` in stages and `linear` evenly from 0; `mixed` anew for each minibatch. */
export const CURRICULA = ['step', 'linear', 'mixed', 'constant'] as const;
export type Curriculum = (typeof CURRICULA)[number];

/** Errors that the forward pass of a training meets: each stored bit flips with the rate, by another map for each minibatch. */
export interface SupervisedErrors {
  readonly curriculum: Curriculum;
  /** Bit error rate at the end of the curriculum. */
  readonly ber: number;
  readonly repair: TensorRepair;
  readonly errorSeed: number;
}

/** Stages of `step`: the first without errors, the last with the whole rate. */
const STAGES = 5;
/** The share of the run in which `step` and `linear` reach the whole rate; the rest of it is trained at that. */
const RISE = 0.6;

/** The bit error rate at the share `progress` of a run; `draw` is a number from 0 to 1 of this minibatch. */
export function errorRateAt(
  { curriculum, ber }: Pick<SupervisedErrors, 'curriculum' | 'ber'>,
  progress: number,
  draw: number,
): number {
  const risen = Math.min(1, progress / RISE);
  if (curriculum === 'constant') return ber;
  if (curriculum === 'mixed') return ber * draw;
  return (
    ber * (curriculum === 'linear' ? risen : Math.min(1, Math.floor(risen * (STAGES - 1)) / (STAGES - 1)))
  );
}

/** What the neurons get of weights in a format without errors: quantisation-aware training. */
export const seeRounded =
  (format: WeightFormat): SeeWeights =>
  (tensors) =>
    tensors.map((weights) => readWeights(weights, format, 'none', 0, createFastStream()));

/** What they get through errors. */
export function seeThroughErrors(format: WeightFormat, errors: SupervisedErrors): SeeWeights {
  const key = streamKey(errors.errorSeed, 'sparkxd/supervised errors');
  const stream = createFastStream();
  return (tensors, batch, progress) => {
    reseed(stream, key, batch, 0);
    const rate = errorRateAt(errors, progress, nextOpenUniform(stream));
    return tensors.map((weights) => readWeights(weights, format, errors.repair, rate, stream));
  };
}

/**
 * A tensor as it is read of a memory whose bits flip at a rate, each independently, with the tensor's greatest magnitude as the
 * scale of integer formats and the bound of the repair (`damageTensors`).
 */
export function readWeights(
  weights: Float32Array,
  format: WeightFormat,
  repair: TensorRepair,
  ber: number,
  stream: FastStream,
): Float32Array {
  const bits = weightBits(format);
  const scale = greatestOf(weights) || 1;
  const read = roundedWeights(weights, format, scale);
  if (ber <= 0) return read;
  const { least, most } = boundsOf(format, { ceiling: scale, likeliest: 0, signed: true });
  let at = nextFlip(-1, ber, stream);
  const end = weights.length * bits;
  while (at < end) {
    const k = Math.floor(at / bits);
    let mask = 0;
    for (; Math.floor(at / bits) === k; at = nextFlip(at, ber, stream)) mask |= 1 << (at % bits);
    const code = (encodeWeight(weights[k]!, format, scale) ^ mask) >>> 0;
    const value = Math.fround(decodeWeight(code, format, scale));
    if (repair === 'none' || isPlausible(value, least, most)) read[k] = value;
    else read[k] = repair === 'clamp' ? nearestPlausible(value, least, most) : 0;
  }
  return read;
}

/** The next bit that flips after bit `at`: a geometric number of bits on. */
const nextFlip = (at: number, ber: number, stream: FastStream): number =>
  at + 1 + Math.floor(exponentialOf(nextUint32(stream)) / -log1p(-ber));

/** The greatest magnitude; NaN where there is one. */
export function greatestOf(weights: Float32Array): number {
  let greatest = 0;
  for (let k = 0; k < weights.length; k++) {
    const size = Math.abs(weights[k]!);
    if (!(size <= greatest)) greatest = size;
  }
  return greatest;
}

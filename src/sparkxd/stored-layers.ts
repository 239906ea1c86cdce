import { InputError } from '../errors/input-error.ts';
import { requireNoObstacles } from '../errors/obstacles.ts';
import { quoted } from '../errors/printable.ts';
import { suggest } from '../errors/suggest.ts';
import type { WeightTensor } from '../snn/layers/layered-network.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import { withLikeliest } from '../snn/weight-range.ts';
import type { Bytes } from '../units/flavours.ts';
import { rangeOf } from '../weights/tensor-range.ts';
import { formatObstacles } from './format-obstacles.ts';
import { codingObstacle } from './memory-rules.ts';
import { rowFragility } from './row-fragility.ts';
import { type StoredTensors, storeTensors } from './stored-tensors.ts';
import { fits, type NamedValue, namedValue } from './tensor-names.ts';
import type { WeightCoding } from './weight-coding.ts';

/** A tensor of a layered network, rows x columns, of weights of any sign. */
export interface LayeredTensor extends Pick<WeightTensor, 'name' | 'rows' | 'columns' | 'weights'> {
  /** No magnitude is above it: scale of integers, bound of repairs; by default the greatest magnitude. */
  readonly ceiling?: number | undefined;
}

/** How they are stored: one coding for all, with formats of single tensors. */
export interface LayeredCoding extends WeightCoding {
  readonly tensorFormats?: readonly NamedValue<WeightFormat>[] | undefined;
  /** Limits of single tensors, whose names are looked up. */
  readonly tensorLimits?: readonly NamedValue<number>[] | undefined;
}

/**
 * Stores the tensors of a layered network one after the other, each row padded to whole bursts. Throws one InputError with all that
 * is in the way: weights that are not finite, negative ones in an unsigned format, magnitudes beyond the format or the ceiling, check
 * bits that do not fit, names of no tensor.
 */
export function storeLayers(
  tensors: readonly LayeredTensor[],
  { format, ecc, parityBits, tensorFormats = [], tensorLimits = [] }: LayeredCoding,
  burstBytes: Bytes,
): StoredTensors {
  const names = tensors.map(({ name }) => name);
  const obstacles = [
    ...(tensors.length === 0 ? [new InputError('the network has no weights to store')] : []),
    ...unknownNames(names, tensorFormats, 'format'),
    ...unknownNames(names, tensorLimits, 'limit of the bit error rate'),
  ];
  const coded = tensors.map(({ name, rows, columns, weights, ceiling }) => {
    const coding = { format: namedValue(name, tensorFormats) ?? format, ecc, parityBits };
    const { least, greatest, strange } = rangeOf({
      type: 'F32',
      shape: [weights.length],
      bytes: new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength),
    });
    const range = { least, greatest, strange, strangeValue: weights[strange] ?? 0 };
    obstacles.push(
      ...formatObstacles(name, range, coding.format, {
        strange: 'give a network whose weights are all finite',
        beyond: `choose another format for it, such as --format ${name}=fp32`,
      }),
    );
    const parity = codingObstacle(coding, `of tensor ${quoted(name)} `);
    if (parity) obstacles.push(parity);
    const magnitude = Math.max(0, -least, greatest);
    const bound = Math.fround(ceiling ?? magnitude);
    if (!(bound >= magnitude))
      obstacles.push(
        new InputError(
          `tensor ${quoted(name)} has a ceiling of ${ceiling}, but a magnitude of ${magnitude}`,
          {
            remedy: 'leave the ceiling out, or give that magnitude or more',
          },
        ),
      );
    return { name, coding, rows, columns, weights, bound: bound === 0 ? 1 : bound };
  });
  requireNoObstacles(obstacles);
  return storeTensors(
    coded.map(({ bound, ...tensor }) => {
      let fragility: Float64Array | undefined;
      return {
        ...tensor,
        range: withLikeliest(tensor.weights, bound, true),
        fragility: () => (fragility ??= rowFragility(tensor.weights, tensor.columns)),
      };
    }),
    burstBytes,
  );
}

/** An obstacle for each name that fits no tensor. */
const unknownNames = (
  names: readonly string[],
  values: readonly NamedValue<unknown>[],
  what: string,
): InputError[] =>
  values
    .filter(([pattern]) => !names.some(fits(pattern)))
    .map(
      ([pattern]) =>
        new InputError(`the ${what} of ${quoted(pattern)} is of no tensor of the network`, {
          remedy: suggest(pattern, names, 'tensors'),
        }),
    );

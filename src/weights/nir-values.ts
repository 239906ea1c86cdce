import { quoted } from '../errors/printable.ts';
import type { PerNeuron, Shape } from '../snn/layers/layered-network.ts';
import type { Say } from './layer-file.ts';
import { shapeInWords } from './layer-shapes.ts';
import type { NirNode } from './nir-nodes.ts';
import { numbersOf } from './tensor.ts';

/** Numbers in single precision with their shape. */
export interface Values {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** `node "fc1" (Affine)` */
export const called = ({ name, type }: Pick<NirNode, 'name' | 'type'>): string =>
  `node ${quoted(name)} (${type})`;

/** Numbers of an array of a node; undefined, with the reason said, where it is not there or has any that is not finite. */
export function valuesOf(node: NirNode, key: string, say: Say): Values | undefined {
  const tensor = node.arrays.get(key);
  if (!tensor) {
    if (node.texts.has(key)) say(`${quoted(key)} of ${called(node)} is a text, expected numbers`);
    else if (!node.unread.has(key)) say(`${called(node)} has no array ${quoted(key)}`);
    return undefined;
  }
  const values = Float32Array.from(numbersOf(tensor));
  const strange = values.findIndex((value) => !Number.isFinite(value));
  if (strange < 0) return { shape: tensor.shape, values };
  const count = values.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
  say(
    `${quoted(key)} of ${called(node)} has ${count} of ${values.length} numbers that are not finite in single precision, the first at ${strange}`,
  );
  return undefined;
}

/** Whole numbers of an array of a node, such as a stride: `otherwise` where it is not there; undefined, with the reason said, where it has others. */
export function wholesOf(
  node: NirNode,
  key: string,
  { least, otherwise }: { readonly least: number; readonly otherwise?: readonly number[] },
  say: Say,
): readonly number[] | undefined {
  const tensor = node.arrays.get(key);
  if (node.unread.has(key)) return undefined;
  if (!tensor && otherwise && !node.texts.has(key)) return otherwise;
  const numbers = tensor && [...numbersOf(tensor)];
  if (numbers?.every((value) => Number.isSafeInteger(value) && value >= least && value <= MOST))
    return numbers;
  say(
    `${quoted(key)} of ${called(node)} ${numbers ? `is ${numbersInWords(numbers)}` : node.texts.has(key) ? 'is a text' : 'is not there'}, expected whole numbers from ${least} to ${MOST}`,
  );
  return undefined;
}

/** Of extents and strides. */
const MOST = 2 ** 24;

const numbersInWords = (numbers: readonly number[]): string =>
  numbers.length > 4 ? `${numbers.slice(0, 4).join(', ')}, ...` : numbers.join(', ') || 'empty';

/** (rows, columns) of one number for both or two. */
export function pairOf(
  node: NirNode,
  key: string,
  bounds: { readonly least: number; readonly otherwise?: readonly number[] },
  say: Say,
): readonly [number, number] | undefined {
  const found = wholesOf(node, key, bounds, say);
  if (found === undefined) return undefined;
  if (found.length === 1) return [found[0]!, found[0]!];
  if (found.length === 2) return [found[0]!, found[1]!];
  say(`${quoted(key)} of ${called(node)} has ${found.length} numbers, expected one or two`);
  return undefined;
}

/** The bias of so many outputs; undefined where there is none, where all are 0, and, with the reason said, where it does not fit. */
export function biasOf(node: NirNode, outputs: number, say: Say): Float32Array | undefined {
  if (!node.arrays.has('bias')) return undefined;
  const bias = valuesOf(node, 'bias', say);
  if (bias === undefined) return undefined;
  const isNone = bias.values.every((value) => value === 0);
  // One 0 is what some write for no bias.
  if (bias.values.length === outputs || (isNone && bias.values.length <= 1))
    return isNone ? undefined : bias.values;
  say(`the bias of ${called(node)} is ${shapeInWords(bias.shape)}, its weights have ${outputs} outputs`);
  return undefined;
}

/**
 * The values for a layer of that shape: one where all are the same, else one each. Extents of 1 stand for all along them, as in NumPy.
 * Undefined where the shapes do not fit.
 */
export function spread({ shape: own, values }: Values, shape: Shape): PerNeuron | undefined {
  if (values.length === 0) return undefined;
  if (values.every((value) => Object.is(value, values[0]))) {
    const fits = values.length === 1 || broadcast(own, shape) !== undefined;
    return fits ? values.slice(0, 1) : undefined;
  }
  const places = broadcast(own, shape);
  return places && Float32Array.from(places, (place) => values[place]!);
}

/** The place of the value of each element; undefined where the shapes do not fit. */
function broadcast(own: Shape, shape: Shape): Uint32Array | undefined {
  const [from, to] = aligned(own, shape) ?? [];
  if (from === undefined || to === undefined) return undefined;
  const strides = new Array<number>(to.length).fill(0);
  let stride = 1;
  for (let k = to.length - 1; k >= 0; k--) {
    if (from[k] !== 1) strides[k] = stride;
    stride *= from[k]!;
  }
  const size = to.reduce((product, extent) => product * extent, 1);
  const places = new Uint32Array(size);
  for (let element = 0; element < size; element++) {
    let rest = element;
    for (let k = to.length - 1; k >= 0; k--) {
      places[element]! += (rest % to[k]!) * strides[k]!;
      rest = Math.floor(rest / to[k]!);
    }
  }
  return places;
}

/** The two shapes with as many extents, such that each of the first is 1 or that of the second. */
function aligned(own: Shape, shape: Shape): readonly [Shape, Shape] | undefined {
  const fits = (a: Shape, b: Shape): boolean =>
    a.length === b.length && a.every((e, k) => e === 1 || e === b[k]);
  const padded = [...new Array<number>(Math.max(0, shape.length - own.length)).fill(1), ...own];
  if (fits(padded, shape)) return [padded, shape];
  const [a, b] = [own.filter((extent) => extent !== 1), shape.filter((extent) => extent !== 1)];
  return fits(a, b) ? [a, b] : undefined;
}

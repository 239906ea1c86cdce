import { codeAt } from '../bytes/code-at.ts';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import {
  decodeWeight,
  encodeWeight,
  packCodes,
  WEIGHT_FORMATS,
  type WeightFormat,
  weightBits,
} from '../snn/weight-format.ts';
import {
  ELEMENT_BYTES,
  type ElementType,
  elementCount,
  elementsOf,
  isFloating,
  type Tensor,
} from '../weights/tensor.ts';
import { rangeOf } from '../weights/tensor-range.ts';
import { formatObstacles } from './format-obstacles.ts';
import { FRAGILE_BITS } from './fragile-bits.ts';

/** How a tensor lies in memory: `stored`, as its elements are in the file; else rounded or quantised. */
export const TENSOR_FORMATS = ['stored', ...WEIGHT_FORMATS] as const;
export type TensorFormat = (typeof TENSOR_FORMATS)[number];

/** Top bits of an element that its parity bit covers, as `FRAGILE_BITS` of the formats. */
const FRAGILE_BITS_STORED: Readonly<Record<ElementType, number>> = {
  BOOL: 1,
  U8: FRAGILE_BITS.uint8,
  I8: FRAGILE_BITS.int8,
  U16: FRAGILE_BITS.uint16,
  I16: FRAGILE_BITS.int16,
  F16: FRAGILE_BITS.fp16,
  BF16: FRAGILE_BITS.bf16,
  U32: 2,
  I32: 3,
  F32: FRAGILE_BITS.fp32,
  U64: 2,
  I64: 3,
  F64: 12,
};

/** A tensor as it lies in memory: one code an element, without check bits. */
export interface CodedTensor {
  readonly name: string;
  readonly tensor: Tensor;
  readonly format: TensorFormat;
  /** Bits of a code: 4, 8, 16, 32 or 64. */
  readonly bits: number;
  /** Top bits of a code that a parity bit covers. */
  readonly topBits: number;
  readonly count: number;
  /** Codes little-endian, without padding; of two 4-bit codes in a byte the first is the low half. */
  readonly data: Uint8Array;
  /** The greatest magnitude of the elements: scale of integer formats, bound of repairs. */
  readonly ceiling: number;
  /** The tensor that sound codes stand for: its own bytes, but rounded where the format is not `stored`. */
  readonly sound: Tensor;
  /** The element that a code in such bytes stands for, as a number. */
  readerOf(data: Uint8Array): (index: number) => number;
}

/** What a repair on load or a format needs of the tensors. */
export interface CodingDemands {
  /** Whether elements beyond the greatest magnitude are repaired. */
  readonly bounded: boolean;
}

/**
 * Codes a tensor in a format. All that is in the way is returned as InputErrors: elements that are truth values; a format for
 * whole numbers; elements that are not finite where the format or the bound cannot have them; negative ones in an unsigned
 * format; magnitudes beyond a floating-point format.
 */
export function codeTensor(
  name: string,
  tensor: Tensor,
  format: TensorFormat,
  { bounded }: CodingDemands,
): { readonly coded: CodedTensor } | { readonly obstacles: readonly InputError[] } {
  const { type, bytes } = tensor;
  const called = `tensor ${quoted(name)}`;
  if (type === 'BOOL') return { obstacles: [new InputError(`${called} has truth values, not numbers`)] };
  if (format !== 'stored' && !isFloating(type))
    return {
      obstacles: [
        new InputError(`${called} is ${type}: whole numbers are stored as they are, not as ${format}`, {
          remedy: `say so: --format ${name}=stored`,
        }),
      ],
    };
  const { least, greatest, strange } = rangeOf(tensor);
  const ceiling = Math.max(0, -least, greatest);
  const found: InputError[] = [];
  const { get } = elementsOf(type, bytes);
  if (strange >= 0 && format === 'stored' && bounded)
    found.push(
      new InputError(
        `${called} has ${get(strange)} at index ${strange}, so it has no greatest magnitude to repair by`,
        { remedy: 'choose --repair none, or leave the tensor out with --tensor' },
      ),
    );
  if (format !== 'stored') {
    const range = { least, greatest, strange, strangeValue: strange < 0 ? 0 : get(strange) };
    found.push(
      ...formatObstacles(name, range, format, {
        strange: `store it as it is: --format ${name}=stored --repair none`,
        beyond: `choose another format for it, such as --format ${name}=stored`,
      }),
    );
  }
  if (found.length > 0) return { obstacles: found };
  const count = elementCount(tensor);
  if (format === 'stored')
    return {
      coded: {
        ...{ name, tensor, format, count, ceiling, data: bytes, sound: tensor },
        bits: 8 * ELEMENT_BYTES[type],
        topBits: FRAGILE_BITS_STORED[type],
        readerOf: (data) => elementsOf(type, data).get,
      },
    };
  return { coded: recoded(name, tensor, format, count, ceiling) };
}

function recoded(
  name: string,
  tensor: Tensor,
  format: WeightFormat,
  count: number,
  scale: number,
): CodedTensor {
  const { type, shape, bytes } = tensor;
  const bits = weightBits(format);
  const { get } = elementsOf(type, bytes);
  const codes = new Uint32Array(count);
  for (let k = 0; k < count; k++) codes[k] = encodeWeight(get(k), format, scale);
  const sound = new Uint8Array(bytes.length);
  const { get: rounded, set } = elementsOf(type, sound);
  let ceiling = 0;
  for (let k = 0; k < count; k++) {
    set(k, decodeWeight(codes[k]!, format, scale));
    ceiling = Math.max(ceiling, Math.abs(rounded(k)));
  }
  return {
    ...{ name, tensor, format, bits, count, ceiling },
    topBits: FRAGILE_BITS[format],
    data: packCodes(codes, bits),
    sound: { type, shape, bytes: sound },
    readerOf: (data) => (index) => decodeWeight(codeAt(data, index, bits), format, scale),
  };
}

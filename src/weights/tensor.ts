import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { suggest } from '../errors/suggest.ts';
import { decodeWeight, encodeWeight } from '../snn/weight-format.ts';

/** Element types of tensors and their bytes, under the names of safetensors. */
export const ELEMENT_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

export type ElementType = keyof typeof ELEMENT_BYTES;

export interface Tensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Row-major, little-endian. */
  readonly bytes: Uint8Array;
}

/** What the rows and the columns of a matrix of weights are. */
export const ORIENTATIONS = ['inputs-by-outputs', 'outputs-by-inputs'] as const;
export type Orientation = (typeof ORIENTATIONS)[number];

/** Named tensors of a file and free text about them. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Why each array that the file also holds could not be read, by its name. */
  readonly unreadable?: ReadonlyMap<string, string>;
  /** How a matrix of weights lies, where the file's format says it. */
  readonly orientation?: Orientation;
}

/** The tensor of that name. Throws InputError, with the reason, where it is not there or could not be read. */
export function takeTensor({ tensors, unreadable }: TensorFile, name: string, file: string): Tensor {
  const tensor = tensors.get(name);
  if (tensor) return tensor;
  const reason = unreadable?.get(name);
  if (reason !== undefined)
    throw new InputError(`array ${quoted(name)} cannot be read: ${reason}`, { place: { file } });
  throw new InputError(`it has no array ${quoted(name)}`, {
    place: { file },
    remedy: suggest(name, [...tensors.keys()], 'arrays'),
  });
}

/** Whether elements are whole numbers, which may be codes of a quantisation. */
export const isWhole = (type: ElementType): boolean => /^[IU]|^BOOL$/.test(type);

/** Element types that are floating point. */
export const isFloating = (type: ElementType): boolean => /^B?F\d/.test(type);

/** Reads one element at a byte. BigInts beyond 2^53 are rounded. */
const READERS: Readonly<Record<ElementType, (view: DataView, at: number) => number>> = {
  BOOL: (view, at) => view.getUint8(at),
  U8: (view, at) => view.getUint8(at),
  I8: (view, at) => view.getInt8(at),
  U16: (view, at) => view.getUint16(at, true),
  I16: (view, at) => view.getInt16(at, true),
  U32: (view, at) => view.getUint32(at, true),
  I32: (view, at) => view.getInt32(at, true),
  F16: (view, at) => decodeWeight(view.getUint16(at, true), 'fp16', 1),
  BF16: (view, at) => decodeWeight(view.getUint16(at, true), 'bf16', 1),
  F32: (view, at) => view.getFloat32(at, true),
  U64: (view, at) => Number(view.getBigUint64(at, true)),
  I64: (view, at) => Number(view.getBigInt64(at, true)),
  F64: (view, at) => view.getFloat64(at, true),
};

/** Writes a finite number as one element at a byte: rounded to floating-point types, cut to whole ones. */
const WRITERS: Readonly<Record<ElementType, (view: DataView, at: number, value: number) => void>> = {
  BOOL: (view, at, value) => view.setUint8(at, value),
  U8: (view, at, value) => view.setUint8(at, value),
  I8: (view, at, value) => view.setInt8(at, value),
  U16: (view, at, value) => view.setUint16(at, value, true),
  I16: (view, at, value) => view.setInt16(at, value, true),
  F16: (view, at, value) => view.setUint16(at, encodeWeight(value, 'fp16', 1), true),
  BF16: (view, at, value) => view.setUint16(at, encodeWeight(value, 'bf16', 1), true),
  U32: (view, at, value) => view.setUint32(at, value, true),
  I32: (view, at, value) => view.setInt32(at, value, true),
  F32: (view, at, value) => view.setFloat32(at, value, true),
  U64: (view, at, value) => view.setBigUint64(at, BigInt(Math.trunc(value)), true),
  I64: (view, at, value) => view.setBigInt64(at, BigInt(Math.trunc(value)), true),
  F64: (view, at, value) => view.setFloat64(at, value, true),
};

/** Elements of one type in bytes, by their number: row-major, little-endian. */
export interface Elements {
  get(index: number): number;
  /** Rounds to floating-point types, cuts to whole ones. */
  set(index: number, value: number): void;
}

/** The bytes of a tensor as numbers that can be read and set one by one. */
export function elementsOf(type: ElementType, bytes: Uint8Array): Elements {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = ELEMENT_BYTES[type];
  const [read, write] = [READERS[type], WRITERS[type]];
  return {
    get: (index) => read(view, index * size),
    set: (index, value) => write(view, index * size, value),
  };
}

/** Elements of a tensor: 1 for one without dimensions. */
export const elementCount = ({ type, bytes }: Tensor): number => bytes.length / ELEMENT_BYTES[type];

/** The elements of a tensor as numbers, in its order: exact but for whole numbers beyond 2^53. */
export function numbersOf(tensor: Tensor): Float64Array {
  const { get } = elementsOf(tensor.type, tensor.bytes);
  const numbers = new Float64Array(elementCount(tensor));
  for (let k = 0; k < numbers.length; k++) numbers[k] = get(k);
  return numbers;
}

/** A tensor of single precision. The bytes are those of `values`, not a copy. */
export const floatTensor = (shape: readonly number[], values: Float32Array): Tensor => ({
  type: 'F32',
  shape,
  bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
});

/** A matrix of rows x columns turned into columns x rows. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) turned[c * rows + r] = values[r * columns + c]!;
  return turned;
}

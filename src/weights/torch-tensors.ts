import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { isGlobal, isMade, isOpaque, opaque, type PickleValue } from './pickle.ts';
import { isRowMajor, rowMajor } from './row-major.ts';
import { ELEMENT_BYTES, type ElementType, floatTensor, numbersOf, type Tensor } from './tensor.ts';

/** Storage classes by the elements they hold. Those of quantised tensors hold codes. */
const STORAGES: Readonly<Record<string, ElementType>> = {
  'torch.FloatStorage': 'F32',
  'torch.DoubleStorage': 'F64',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
  'torch.QInt8Storage': 'I8',
  'torch.QUInt8Storage': 'U8',
  'torch.QInt32Storage': 'I32',
};

/** The storage of bytes whose tensors name their elements themselves, and those elements. */
const UNTYPED = 'torch.storage.UntypedStorage';
const DTYPES: Readonly<Record<string, ElementType>> = {
  'torch.uint16': 'U16',
  'torch.uint32': 'U32',
  'torch.uint64': 'U64',
};

/** Where the bytes of storages are. */
export interface TorchStorages {
  /** Throws InputError where the archive has none of that key, or damaged ones. */
  data(key: string): Uint8Array;
  /** Whether that many more bytes may be copied. */
  take(bytes: number): boolean;
}

interface Storage {
  readonly storage: string;
  readonly key: string;
  readonly count: number;
}

/** The storage that a persistent id names; undefined for other ids. Its bytes are read when a tensor needs them. */
export function torchStorage(id: PickleValue): PickleValue | undefined {
  if (!Array.isArray(id) || id[0] !== 'storage' || !isGlobal(id[1])) return undefined;
  const [, { name: storage }, key, , count] = id as [string, { name: string }, ...PickleValue[]];
  if (typeof key !== 'string' || typeof count !== 'number') return undefined;
  return { kind: 'made', value: { storage, key, count } satisfies Storage };
}

type Maker = (parameters: readonly PickleValue[], storages: TorchStorages) => PickleValue;

/** The functions that PyTorch rebuilds tensors with, by name. What cannot be rebuilt is opaque, with the reason. */
export const TENSOR_MAKERS: Readonly<Record<string, Maker | undefined>> = {
  'torch._utils._rebuild_tensor_v2': readable(([storage, ...view], storages) =>
    tensorOf(storage, view, undefined, storages),
  ),
  'torch._utils._rebuild_tensor_v3': readable((parameters, storages) => {
    const [storage, ...view] = parameters;
    return tensorOf(storage, view, parameters[6], storages);
  }),
  'torch._utils._rebuild_qtensor': readable((parameters, storages) => {
    const [storage, ...view] = parameters;
    return dequantised(tensorOf(storage, view, undefined, storages), parameters[4], storages);
  }),
  'torch._utils._rebuild_parameter': ([tensor]) => tensor ?? opaque('it is a parameter without a tensor'),
  'torch._utils._rebuild_parameter_with_state': ([tensor]) =>
    tensor ?? opaque('it is a parameter without a tensor'),
};

/** Throws within a maker: the tensor cannot be read, the others can. */
class Unreadable extends Error {}

const TOO_MUCH = 'the tensors before it fill the memory that one file may take';

function readable(make: (parameters: readonly PickleValue[], storages: TorchStorages) => Tensor): Maker {
  return (parameters, storages) => {
    try {
      return { kind: 'made', value: make(parameters, storages) };
    } catch (error) {
      if (error instanceof Unreadable) return opaque(error.message);
      if (error instanceof InputError) return opaque(error.what);
      throw error;
    }
  };
}

const whole = (value: PickleValue | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const wholes = (value: PickleValue | undefined): value is number[] =>
  Array.isArray(value) && value.every(whole);

/** The elements of a view of a storage, last index fastest. */
function tensorOf(
  storage: PickleValue | undefined,
  [offset, shape, strides]: readonly PickleValue[],
  dtype: PickleValue | undefined,
  { data, take }: TorchStorages,
): Tensor {
  if (isOpaque(storage)) throw new Unreadable(storage.reason);
  if (!isMade(storage) || !('storage' in storage.value)) throw new Unreadable('its tensor has no storage');
  const { storage: kind, key, count: stated } = storage.value as Storage;
  const named = kind === UNTYPED && isGlobal(dtype) ? dtype.name : kind;
  const type = kind === UNTYPED ? DTYPES[named] : STORAGES[kind];
  if (type === undefined) throw new Unreadable(`elements of ${quoted(named)} are not read`);
  if (!whole(offset) || !wholes(shape) || !wholes(strides) || shape.length !== strides.length)
    throw new Unreadable('its tensor is not described by an offset, sizes and strides');
  const size = ELEMENT_BYTES[type];
  const bytes = data(key);
  if (bytes.length !== stated * (kind === UNTYPED ? 1 : size))
    throw new Unreadable(
      `its storage ${quoted(key)} has ${bytes.length} bytes, stated are ${stated} elements`,
    );
  const held = Math.floor(bytes.length / size);
  const count = shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);
  const last = shape.reduce((sum, extent, k) => sum + Math.max(0, extent - 1) * strides[k]!, offset);
  // Without this bound, strides of 0 would make any number of elements of one.
  if (count > 0 && (count > held || last >= held))
    throw new Unreadable(`its ${shape.join(' x ')} elements are more than the ${held} of its storage`);
  if (!isRowMajor(shape, strides) && !take(count * size)) throw new Unreadable(TOO_MUCH);
  return { type, shape, bytes: rowMajor(bytes, size, shape, strides, count > 0 ? offset : 0) };
}

/** The numbers that codes stand for, in single precision as PyTorch's own `dequantize` has them. */
function dequantised(codes: Tensor, quantiser: PickleValue | undefined, { take }: TorchStorages): Tensor {
  const [scheme, scale, zeroPoint] = Array.isArray(quantiser) ? quantiser : [];
  if (!isGlobal(scheme) || scheme.name !== 'torch.per_tensor_affine')
    throw new Unreadable('it is quantised by channel: save w.dequantize() in its place');
  if (typeof scale !== 'number' || typeof zeroPoint !== 'number')
    throw new Unreadable('it is quantised without a scale and a zero point');
  const numbers = codes.bytes.length / ELEMENT_BYTES[codes.type];
  if (!take(numbers * (ELEMENT_BYTES.F32 + ELEMENT_BYTES.F64))) throw new Unreadable(TOO_MUCH);
  const step = Math.fround(scale);
  return floatTensor(
    codes.shape,
    Float32Array.from(numbersOf(codes), (code) => step * (code - zeroPoint)),
  );
}

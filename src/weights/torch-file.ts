import { InputError } from '../errors/input-error.ts';
import { isGlobal, type PickleRules, type PickleValue, readPickle } from './pickle.ts';
import type { ElementType, Tensor, TensorFile } from './safetensors.ts';

const PICKLE = 'data.pkl';

/** Storage classes by the elements they hold. */
const STORAGES: Readonly<Record<string, { readonly type: ElementType; readonly bytes: number }>> = {
  'torch.FloatStorage': { type: 'F32', bytes: 4 },
  'torch.DoubleStorage': { type: 'F64', bytes: 8 },
  'torch.HalfStorage': { type: 'F16', bytes: 2 },
  'torch.BFloat16Storage': { type: 'BF16', bytes: 2 },
  'torch.LongStorage': { type: 'I64', bytes: 8 },
  'torch.IntStorage': { type: 'I32', bytes: 4 },
  'torch.ShortStorage': { type: 'I16', bytes: 2 },
  'torch.CharStorage': { type: 'I8', bytes: 1 },
  'torch.ByteStorage': { type: 'U8', bytes: 1 },
  'torch.BoolStorage': { type: 'BOOL', bytes: 1 },
};

/** Deepest nesting of dicts that a checkpoint is searched to. */
const DEEPEST = 8;
/** Entries of all dicts at most: one dict may be named many times in others. */
const MOST_ENTRIES = 100_000;
/** Bytes of all tensors together: many may be views of one storage. */
const LARGEST_CONTENT = 2 ** 30;

interface Storage {
  readonly type: ElementType;
  /** Of one element. */
  readonly bytes: number;
  readonly data: Uint8Array;
}

/** Whether the members of a zip archive are those of torch.save. */
export const isTorch = (members: ReadonlyMap<string, Uint8Array>): boolean =>
  [...members.keys()].some((member) => member === PICKLE || member.endsWith(`/${PICKLE}`));

/** Whether bytes begin a file of torch.save before PyTorch 1.6, or any other bare pickle. */
export const isBarePickle = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5;

/**
 * Tensors of a file of torch.save (PyTorch 1.6 and later): of a dict, as state_dict makes one, by key; of dicts in it by
 * "outer.inner". Values that are no tensors are left out. Strides and offsets are honoured, so that tensors come out
 * row-major. Throws InputError for anything but tensors, dicts and plain values: a saved module, a hostile pickle.
 */
export function parseTorch(members: ReadonlyMap<string, Uint8Array>, name: string): TensorFile {
  const refuse = (what: string, remedy?: string): InputError =>
    new InputError(what, { place: { file: name }, ...(remedy ? { remedy } : {}) });
  const pickle = [...members.keys()].find((member) => member === PICKLE || member.endsWith(`/${PICKLE}`))!;
  const root = pickle.slice(0, -PICKLE.length);
  const order = members.get(`${root}byteorder`);
  if (order && new TextDecoder().decode(order) !== 'little')
    throw refuse('a PyTorch file of a big-endian machine', 'save it again on a little-endian one');

  let content = 0;
  let entries = 0;
  const rules: PickleRules = {
    load(id) {
      if (!Array.isArray(id) || id[0] !== 'storage' || !isGlobal(id[1])) return undefined;
      const [, { name: storage }, key, , count] = id as [
        string,
        { name: string },
        PickleValue,
        PickleValue,
        PickleValue,
      ];
      const kind = STORAGES[storage];
      if (!kind) throw refuse(`elements of ${storage} are not read`);
      if (typeof key !== 'string' || typeof count !== 'number')
        throw refuse('a storage is not described by a name and a number of elements');
      const data = members.get(`${root}data/${key}`);
      if (!data) throw refuse(`the archive has no member "${root}data/${key}"`);
      if (data.length !== count * kind.bytes)
        throw refuse(`member "${root}data/${key}" has ${data.length} bytes, stated are ${count} elements`);
      return { kind: 'made', value: { ...kind, data } satisfies Storage };
    },
    call(callee, parameters) {
      if (callee === 'collections.OrderedDict' && parameters.length === 0) return new Map();
      if (callee === 'torch._utils._rebuild_tensor_v2') {
        const [storage, offset, shape, strides] = parameters;
        const tensor = rowMajor(storageOf(storage), offset, shape, strides, refuse);
        content += tensor.bytes.length;
        if (content > LARGEST_CONTENT) throw refuse(`its tensors have more than ${LARGEST_CONTENT} bytes`);
        return { kind: 'made', value: tensor };
      }
      if (callee === 'torch._utils._rebuild_parameter') return parameters[0];
      return undefined;
    },
  };
  const value = readPickle(members.get(pickle)!, rules, `${name}/${pickle}`);
  if (!(value instanceof Map))
    throw refuse(
      'the PyTorch file holds no dict of tensors',
      'save one: torch.save({"weight": w, "theta": theta}, FILE), or a state_dict',
    );
  const tensors = new Map<string, Tensor>();
  collect(value, '', 0);
  return { tensors, metadata: new Map() };

  function collect(dict: Map<PickleValue, PickleValue>, path: string, depth: number): void {
    if (depth > DEEPEST) throw refuse(`its dicts are nested more than ${DEEPEST} deep`);
    for (const [key, entry] of dict) {
      if (++entries > MOST_ENTRIES) throw refuse(`its dicts have more than ${MOST_ENTRIES} entries`);
      if (typeof key !== 'string' && typeof key !== 'number') continue;
      const found = `${path}${key}`;
      if (entry instanceof Map) collect(entry, `${found}.`, depth + 1);
      else if (isTensor(entry)) {
        if (tensors.has(found)) throw refuse(`two tensors are called "${found}"`);
        tensors.set(found, entry.value);
      }
    }
  }
}

const isMade = (value: PickleValue | undefined): value is { kind: 'made'; value: object } =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'made';
const isTensor = (value: PickleValue): value is { kind: 'made'; value: Tensor } =>
  isMade(value) && 'shape' in value.value;
const storageOf = (value: PickleValue | undefined): Storage | undefined =>
  isMade(value) && 'data' in value.value ? (value.value as Storage) : undefined;

/** The elements of a view of a storage, one after the other, last index fastest. */
function rowMajor(
  storage: Storage | undefined,
  offset: PickleValue | undefined,
  shape: PickleValue | undefined,
  strides: PickleValue | undefined,
  refuse: (what: string) => InputError,
): Tensor {
  const whole = (value: PickleValue | undefined): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  const wholes = (value: PickleValue | undefined): value is number[] =>
    Array.isArray(value) && value.every(whole);
  if (!storage || !whole(offset) || !wholes(shape) || !wholes(strides) || shape.length !== strides.length)
    throw refuse('a tensor is not described by a storage, an offset, sizes and strides');
  const { type, bytes, data } = storage;
  const count = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
  const last = shape.reduce((sum, size, k) => sum + Math.max(0, size - 1) * strides[k]!, offset);
  // Without this bound, strides of 0 would make any number of elements of one.
  if (count > 0 && (count > data.length / bytes || last >= data.length / bytes))
    throw refuse(
      `a tensor of ${shape.join(' x ')} is larger than its storage of ${data.length / bytes} elements`,
    );
  const out = new Uint8Array(count * bytes);
  const index = new Array<number>(shape.length).fill(0);
  let from = offset;
  for (let k = 0; k < count; k++) {
    out.set(data.subarray(from * bytes, (from + 1) * bytes), k * bytes);
    for (let d = shape.length - 1; d >= 0; d--) {
      index[d]!++;
      from += strides[d]!;
      if (index[d]! < shape[d]!) break;
      from -= strides[d]! * shape[d]!;
      index[d] = 0;
    }
  }
  return { type, shape, bytes: out };
}

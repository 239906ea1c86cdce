import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { isMade, isOpaque, type PickleRules, type PickleValue, readPickle } from './pickle.ts';
import type { Tensor, TensorFile } from './tensor.ts';
import { TENSOR_MAKERS, type TorchStorages, torchStorage } from './torch-tensors.ts';
import type { ZipMembers } from './zip.ts';

const PICKLE = 'data.pkl';
/** A member that TorchScript archives have and those of torch.save lack. */
const TORCH_SCRIPT = 'constants.pkl';

/** Deepest nesting of dicts and lists that a checkpoint is searched to. */
const DEEPEST = 8;
/** Entries of all dicts and lists at most: one may be named many times in others. */
const MOST_ENTRIES = 1_000_000;
/** A longer list is a record of numbers, such as the losses of training, and is not searched. */
const LONGEST_LIST = 1000;
/** Bytes of all tensors together that are copied into row-major order: many may be views of one storage. */
const LARGEST_CONTENT = 2 ** 28;

const SAVE_STATE = 'save the state dict: torch.save(model.state_dict(), FILE)';

/** Whether the members of a zip archive are those of torch.save or TorchScript. */
export const isTorch = (members: ZipMembers): boolean =>
  [...members.keys()].some((member) => member === PICKLE || member.endsWith(`/${PICKLE}`));

/** Whether bytes begin a file of torch.save before PyTorch 1.6, or any other bare pickle. */
export const isBarePickle = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5;

/**
 * Tensors of a file of torch.save (PyTorch 1.6 and later): of a dict, as state_dict makes one, by key; of dicts and lists
 * in it by "outer.inner". Strides and offsets are honoured, so that tensors come out row-major; quantised ones come out
 * as the numbers that they stand for. Whatever else an entry holds (objects, sets, complex tensors) is named as
 * unreadable; plain values are left out. Throws InputError for a saved module, TorchScript, or a hostile pickle.
 */
export function parseTorch(members: ZipMembers, name: string): TensorFile {
  const refuse = (what: string, remedy?: string): InputError =>
    new InputError(what, { place: { file: name }, ...(remedy ? { remedy } : {}) });
  const pickle = [...members.keys()].find((member) => member === PICKLE || member.endsWith(`/${PICKLE}`))!;
  const root = pickle.slice(0, -PICKLE.length);
  if (members.has(`${root}${TORCH_SCRIPT}`))
    throw refuse('a TorchScript archive, which holds a program', SAVE_STATE);
  const order = members.get(`${root}byteorder`);
  if (order && new TextDecoder().decode(order()) !== 'little')
    throw refuse('a PyTorch file of a big-endian machine', 'save it again on a little-endian one');

  let content = 0;
  const storages: TorchStorages = {
    data(key) {
      const member = members.get(`${root}data/${key}`);
      if (!member) throw refuse(`the archive has no member ${quoted(`${root}data/${key}`)}`);
      return member();
    },
    take(bytes) {
      const fits = content + bytes <= LARGEST_CONTENT;
      if (fits) content += bytes;
      return fits;
    },
  };
  const rules: PickleRules = {
    load: (id) => torchStorage(id),
    call(callee, parameters) {
      if (callee === 'collections.OrderedDict' || callee === 'collections.defaultdict')
        return dictOf(parameters);
      return TENSOR_MAKERS[callee]?.(parameters, storages);
    },
  };
  const value = readPickle(members.get(pickle)!(), rules, `${name}/${pickle}`);
  if (isOpaque(value) && value.of !== undefined)
    throw refuse(`a saved module, an object of ${quoted(value.of)}, not its tensors`, SAVE_STATE);
  if (!(value instanceof Map))
    throw refuse(
      isOpaque(value)
        ? `the PyTorch file holds no dict of tensors: ${value.reason}`
        : 'the PyTorch file holds no dict of tensors',
      'save one: torch.save({"weight": w, "theta": theta}, FILE), or a state_dict',
    );
  return { ...collect(value, refuse), metadata: new Map() };
}

/** An empty dict, or one of the pairs that an older Python gives. */
function dictOf(parameters: readonly PickleValue[]): PickleValue {
  const pairs = parameters[0];
  return new Map(
    Array.isArray(pairs)
      ? pairs
          .filter((pair) => Array.isArray(pair))
          .map((pair): [PickleValue, PickleValue] => [pair[0]!, pair[1]!])
      : [],
  );
}

/** Tensors of a dict by the way to them, and what is there beside them but for plain values. */
function collect(
  dict: Map<PickleValue, PickleValue>,
  refuse: (what: string) => InputError,
): { tensors: Map<string, Tensor>; unreadable: Map<string, string> } {
  const tensors = new Map<string, Tensor>();
  const unreadable = new Map<string, string>();
  let entries = 0;
  const search = (
    pairs: Iterable<readonly [PickleValue, PickleValue]>,
    path: string,
    depth: number,
  ): void => {
    for (const [key, entry] of pairs) {
      if (++entries > MOST_ENTRIES) throw refuse(`its dicts have more than ${MOST_ENTRIES} entries`);
      if (typeof key !== 'string' && typeof key !== 'number') continue;
      visit(entry, `${path}${key}`, depth);
    }
  };
  const visit = (entry: PickleValue, found: string, depth: number): void => {
    if (entry instanceof Map || (Array.isArray(entry) && entry.length <= LONGEST_LIST)) {
      if (depth === DEEPEST) unreadable.set(found, `it is nested more than ${DEEPEST} deep`);
      else search(entry.entries(), `${found}.`, depth + 1);
    } else if (isOpaque(entry)) unreadable.set(found, entry.reason);
    else if (isMade(entry) && 'shape' in entry.value) {
      if (tensors.has(found)) throw refuse(`two tensors are called ${quoted(found)}`);
      tensors.set(found, entry.value as Tensor);
    }
  };
  search(dict, '', 0);
  return { tensors, unreadable };
}

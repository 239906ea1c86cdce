import { InputError } from '../errors/input-error.ts';
import { firstFastest, rowMajor } from './row-major.ts';
import type { ElementType, Tensor } from './tensor.ts';

/** Element types that NumPy knows, by the letter and size of its type string. bfloat16 is not among them. */
const TYPE_OF_CODE: ReadonlyMap<string, ElementType> = new Map([
  ['b1', 'BOOL'],
  ['u1', 'U8'],
  ['i1', 'I8'],
  ['u2', 'U16'],
  ['i2', 'I16'],
  ['f2', 'F16'],
  ['u4', 'U32'],
  ['i4', 'I32'],
  ['f4', 'F32'],
  ['u8', 'U64'],
  ['i8', 'I64'],
  ['f8', 'F64'],
]);
const CODE_OF_TYPE: ReadonlyMap<ElementType, string> = new Map([...TYPE_OF_CODE].map(([c, t]) => [t, c]));

/** What arrays that are not read hold, by the letter of their type. */
const KINDS: Readonly<Record<string, string>> = {
  U: 'text',
  S: 'text',
  O: 'Python objects, a pickle',
  c: 'complex numbers',
  f: 'floating point of a machine',
  V: 'records, or a type that NumPy lacks',
  M: 'dates',
  m: 'durations',
};

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy pads the header so that data begins at a multiple of this. */
const ALIGNMENT = 64;
/** Bytes before the header's text: magic, version, and its length in 2 (version 1) or 4 bytes. */
const PRELUDE = { short: 10, long: 12 } as const;

export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, k) => bytes[k] === byte);
}

/** Whether NumPy has arrays of elements of this type. */
export const isWritableByNumpy = (type: ElementType): boolean => CODE_OF_TYPE.has(type);

/** Bytes of a .npy file, version 1.0, row-major and little-endian. Throws InputError for BF16, which NumPy has not. */
export function formatNpy({ type, shape, bytes }: Tensor, name: string): Uint8Array {
  const code = CODE_OF_TYPE.get(type);
  if (code === undefined)
    throw new InputError(`NumPy has no ${type} arrays`, {
      place: { file: name },
      remedy: 'store the weights as fp32 (exact) or fp16 (rounded) with --storage',
    });
  const order = code.endsWith('1') ? '|' : '<';
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': (${extents}), }`;
  const start = Math.ceil((PRELUDE.short + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(start + bytes.length).fill(0x20, PRELUDE.short, start);
  file.set([...MAGIC, 1, 0]);
  new DataView(file.buffer).setUint16(8, start - PRELUDE.short, true);
  file.set(new TextEncoder().encode(text), PRELUDE.short);
  file[start - 1] = 0x0a;
  file.set(bytes, start);
  return file;
}

/**
 * Reads a .npy file, versions 1 to 3. Big-endian and Fortran-ordered arrays come out little-endian and row-major.
 * Nothing is allocated from the file's claims. Throws InputError for objects (pickles), structured and text types, and
 * whenever the data are not exactly as long as type and shape say.
 */
export function parseNpy(file: Uint8Array, name: string): Tensor {
  const refuse = (what: string): InputError =>
    new InputError(`not a sound .npy array: ${what}`, { place: { file: name } });
  if (!isNpy(file)) throw refuse('it does not begin with \\x93NUMPY (byte 0)');
  const version = file[6] ?? 0;
  if (version < 1 || version > 3) throw refuse(`unknown version ${version} (byte 6)`);
  const prelude = version === 1 ? PRELUDE.short : PRELUDE.long;
  if (file.length < prelude) throw refuse(`truncated in its first ${prelude} bytes`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = prelude + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > file.length)
    throw refuse(`truncated: its header ends at byte ${start}, the file at ${file.length}`);

  const header = new TextDecoder('latin1').decode(file.subarray(prelude, start));
  const { order, code, fortran, shape } = parseHeader(header, prelude, refuse);
  const type = TYPE_OF_CODE.get(code);
  if (type === undefined) {
    const kind = KINDS[code[0]!];
    throw refuse(
      `arrays of type "${order}${code}"${kind ? ` (${kind})` : ''} are not read (byte ${prelude})`,
    );
  }
  const size = Number(code.slice(1));
  const expected = shape.reduce((product, extent) => product * extent, size);
  const data = file.subarray(start);
  if (data.length !== expected)
    throw refuse(
      `${type} ${shape.join(' x ')} needs ${expected} bytes from byte ${start}, there are ${data.length}`,
    );
  const little = order === '>' && size > 1 ? swapped(data, size) : data;
  const bytes = fortran && shape.length > 1 ? rowMajor(little, size, shape, firstFastest(shape)) : little;
  return { type, shape, bytes };
}

/** The header is a Python dictionary of exactly three keys, in any order. */
function parseHeader(
  text: string,
  at: number,
  refuse: (what: string) => InputError,
): { order: string; code: string; fortran: boolean; shape: number[] } {
  const body = /^\{(.*?),?\s*\}\s*$/s.exec(text)?.[1] ?? '';
  const found = new Map<string, string>();
  const rest = body.replace(
    /\s*'(\w+)'\s*:\s*('[^']*'|True|False|\([\d,\s]*\))\s*(?:,|$)/g,
    (_, key, value) => {
      if (found.has(key)) throw refuse(`its header names "${key}" twice (byte ${at})`);
      found.set(key, value);
      return '';
    },
  );
  const type = /^'([<>|=]?)([a-zA-Z]\d*(?:\[\w{1,8}\])?)'$/.exec(found.get('descr') ?? '');
  const fortran = found.get('fortran_order');
  const shape = found.get('shape');
  if (
    rest.trim() !== '' ||
    found.size !== 3 ||
    !type ||
    !shape?.startsWith('(') ||
    !/^[TF]/.test(fortran ?? '')
  )
    throw refuse(
      `its header is not that of a plain array of numbers (byte ${at}): ${text.trim().slice(0, 80)}`,
    );
  const extents = shape
    .slice(1, -1)
    .split(',')
    .map((part) => part.trim());
  if (extents.at(-1) === '') extents.pop();
  if (extents.some((extent) => !/^\d{1,15}$/.test(extent)))
    throw refuse(`its shape ${shape.slice(0, 40)} is not valid (byte ${at})`);
  return { order: type[1]!, code: type[2]!, fortran: fortran === 'True', shape: extents.map(Number) };
}

function swapped(data: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(data.length);
  for (let k = 0; k < bytes.length; k += size)
    for (let byte = 0; byte < size; byte++) bytes[k + byte] = data[k + size - 1 - byte]!;
  return bytes;
}

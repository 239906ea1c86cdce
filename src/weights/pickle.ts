import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';

/**
 * What a pickle may hold here. Dicts are Maps, lists and tuples arrays. A global is a name and nothing else; calling one is
 * left to `call`, which knows a few names and makes data of them. Nothing of the file is ever executed: what would have
 * to be made by running code becomes an `Opaque`, which says what it would have been.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Global
  | Made
  | Opaque;

/** A name that the pickle refers to, "collections.OrderedDict". */
export interface Global {
  readonly kind: 'global';
  readonly name: string;
}

/** What `call` or `load` made. */
export interface Made {
  readonly kind: 'made';
  readonly value: object;
}

/** A value that is not read, and why: "it would call posix.system, which is not allowed". */
export interface Opaque {
  readonly kind: 'opaque';
  readonly reason: string;
  /** The class of which it would be an object. */
  readonly of?: string;
}

export interface PickleRules {
  /** The value of calling a global; undefined for one that is not known. */
  call(name: string, parameters: readonly PickleValue[]): PickleValue | undefined;
  /** The value that a persistent id stands for; undefined for one that is not known. */
  load(id: PickleValue): PickleValue | undefined;
}

const MARK = Symbol('mark');
type Entry = PickleValue | typeof MARK;

/** Whole numbers beyond this cannot be sizes of anything that fits; they are kept as opaque. */
const LONGEST_NUMBER_BYTES = 8;
/** Opcodes at most: each makes at most one value, so this bounds memory and time. */
const MOST_OPCODES = 2_000_000;

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

export const opaque = (reason: string): Opaque => ({ kind: 'opaque', reason });

/** Binary strings, which no tensor is described by. */
const BYTES = opaque('it is a string of bytes');
const SET = opaque('it is a set');

/**
 * Reads a pickle of protocol 2 to 5 by the opcodes that data, names, calls, objects and persistent ids need. Throws
 * InputError with the byte for any other opcode, for damage, and for more than 2 million opcodes.
 */
export function readPickle(bytes: Uint8Array, rules: PickleRules, name: string): PickleValue {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: Entry[] = [];
  const memo = new Map<number, PickleValue>();
  let at = 0;
  let begun = 0;

  const refuse = (what: string): InputError =>
    new InputError(`not a pickle of plain arrays: ${what} (byte ${begun})`, { place: { file: name } });
  const take = (count: number): number => {
    const from = at;
    at += count;
    if (at > bytes.length) throw refuse('truncated');
    return from;
  };
  const take64 = (): number => take(Number(view.getBigUint64(take(8), true)));
  const text = (count: number): string => {
    const from = take(count);
    try {
      return UTF_8.decode(bytes.subarray(from, from + count));
    } catch {
      throw refuse('a text is not UTF-8');
    }
  };
  const line = (): string => {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) throw refuse('truncated');
    const read = text(end - at);
    at++;
    return read;
  };
  const pop = (): PickleValue => {
    const top = stack.pop();
    if (top === undefined || top === MARK) throw refuse('a value is missing');
    return top;
  };
  const peek = (): PickleValue => {
    const top = pop();
    stack.push(top);
    return top;
  };
  const sinceMark = (): PickleValue[] => {
    const mark = stack.lastIndexOf(MARK);
    if (mark < 0) throw refuse('a mark is missing');
    const values = stack.splice(mark) as PickleValue[];
    return values.slice(1);
  };
  const append = (values: readonly PickleValue[]): void => {
    const top = peek();
    if (isOpaque(top)) return;
    if (!Array.isArray(top)) throw refuse('what is appended to is no list');
    for (const value of values) top.push(value);
  };
  const put = (pairs: readonly PickleValue[]): void => {
    const top = peek();
    if (isOpaque(top)) return;
    if (!(top instanceof Map) || pairs.length % 2 !== 0) throw refuse('what is set is no entry of a dict');
    for (let k = 0; k < pairs.length; k += 2) top.set(pairs[k]!, pairs[k + 1]!);
  };
  const known = (index: number): PickleValue => {
    const value = memo.get(index);
    if (value === undefined) throw refuse(`nothing is kept as ${index}`);
    return value;
  };
  const long = (count: number): number | bigint | Opaque => {
    if (count < 0) throw refuse(`a whole number of ${count} bytes`);
    const from = take(count);
    if (count > LONGEST_NUMBER_BYTES) return opaque(`it is a whole number of ${count} bytes`);
    let value = 0n;
    for (let k = count - 1; k >= 0; k--) value = (value << 8n) | BigInt(bytes[from + k]!);
    value = BigInt.asIntN(8 * count, value);
    return BigInt(Number(value)) === value ? Number(value) : value;
  };
  /** An object of a class: its attributes, or the parameters of its making, are not looked at. */
  const object = (callee: PickleValue): PickleValue => {
    if (isOpaque(callee)) return callee;
    if (!isGlobal(callee)) throw refuse('what is called is no name');
    return { kind: 'opaque', reason: `it is an object of ${quoted(callee.name)}`, of: callee.name };
  };
  const call = (): PickleValue => {
    const parameters = pop();
    const callee = pop();
    if (isOpaque(callee)) return callee;
    if (!isGlobal(callee) || !(Array.isArray(parameters) || isOpaque(parameters)))
      throw refuse('what is called is no name');
    const value = Array.isArray(parameters) ? rules.call(callee.name, parameters) : undefined;
    return value ?? opaque(`it would call ${quoted(callee.name)}, which is not allowed`);
  };

  for (let opcodes = 0; opcodes < MOST_OPCODES; opcodes++) {
    begun = at;
    const opcode = bytes[take(1)]!;
    switch (opcode) {
      case 0x80: // PROTO
        if (bytes[take(1)]! > 5) throw refuse('an unknown protocol');
        break;
      case 0x95: // FRAME
        take(8);
        break;
      case 0x2e: // STOP
        return pop();
      case 0x28: // MARK
        stack.push(MARK);
        break;
      case 0x30: // POP, of a mark, too
        if (stack.pop() === undefined) throw refuse('a value is missing');
        break;
      case 0x31: // POP_MARK
        sinceMark();
        break;
      case 0x32: // DUP
        stack.push(peek());
        break;
      case 0x4e: // NONE
        stack.push(null);
        break;
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        stack.push(opcode === 0x88);
        break;
      case 0x4a: // BININT
        stack.push(view.getInt32(take(4), true));
        break;
      case 0x4b: // BININT1
        stack.push(bytes[take(1)]!);
        break;
      case 0x4d: // BININT2
        stack.push(view.getUint16(take(2), true));
        break;
      case 0x8a: // LONG1
        stack.push(long(bytes[take(1)]!));
        break;
      case 0x8b: // LONG4
        stack.push(long(view.getInt32(take(4), true)));
        break;
      case 0x47: // BINFLOAT
        stack.push(view.getFloat64(take(8)));
        break;
      case 0x58: // BINUNICODE
        stack.push(text(view.getUint32(take(4), true)));
        break;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(text(bytes[take(1)]!));
        break;
      case 0x8d: // BINUNICODE8
        stack.push(text(Number(view.getBigUint64(take(8), true))));
        break;
      case 0x55: // SHORT_BINSTRING, a text of Python 2
        stack.push(text(bytes[take(1)]!));
        break;
      case 0x43: // SHORT_BINBYTES
        take(bytes[take(1)]!);
        stack.push(BYTES);
        break;
      case 0x42: // BINBYTES
        take(view.getUint32(take(4), true));
        stack.push(BYTES);
        break;
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        take64();
        stack.push(BYTES);
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        stack.push([]);
        break;
      case 0x8f: // EMPTY_SET
        stack.push(SET);
        break;
      case 0x91: // FROZENSET
        sinceMark();
        stack.push(SET);
        break;
      case 0x90: // ADDITEMS, to a set
        sinceMark();
        if (!isOpaque(peek())) throw refuse('what is added to is no set');
        break;
      case 0x85: // TUPLE1
        stack.push([pop()]);
        break;
      case 0x86: // TUPLE2
        stack.push([pop(), pop()].reverse());
        break;
      case 0x87: // TUPLE3
        stack.push([pop(), pop(), pop()].reverse());
        break;
      case 0x74: // TUPLE
        stack.push(sinceMark());
        break;
      case 0x61: // APPEND
        append([pop()]);
        break;
      case 0x65: // APPENDS
        append(sinceMark());
        break;
      case 0x73: {
        // SETITEM
        const value = pop();
        put([pop(), value]);
        break;
      }
      case 0x75: // SETITEMS
        put(sinceMark());
        break;
      case 0x71: // BINPUT
        memo.set(bytes[take(1)]!, peek());
        break;
      case 0x72: // LONG_BINPUT
        memo.set(view.getUint32(take(4), true), peek());
        break;
      case 0x94: // MEMOIZE
        memo.set(memo.size, peek());
        break;
      case 0x68: // BINGET
        stack.push(known(bytes[take(1)]!));
        break;
      case 0x6a: // LONG_BINGET
        stack.push(known(view.getUint32(take(4), true)));
        break;
      case 0x63: // GLOBAL
        stack.push({ kind: 'global', name: `${line()}.${line()}` });
        break;
      case 0x93: {
        // STACK_GLOBAL
        const [member, module] = [pop(), pop()];
        if (typeof module !== 'string' || typeof member !== 'string') throw refuse('a name is no text');
        stack.push({ kind: 'global', name: `${module}.${member}` });
        break;
      }
      case 0x52: // REDUCE
        stack.push(call());
        break;
      case 0x92: // NEWOBJ_EX
        pop();
        pop();
        stack.push(object(pop()));
        break;
      case 0x81: // NEWOBJ
        pop();
        stack.push(object(pop()));
        break;
      case 0x62: {
        // BUILD: attributes, of which plain data has none; those of a dict are notes about it.
        pop();
        const built = peek();
        if (!(built instanceof Map || isOpaque(built)))
          throw refuse('attributes are given to what is no dict');
        break;
      }
      case 0x51: // BINPERSID
        stack.push(rules.load(pop()) ?? opaque('it refers to something that is not a stored array'));
        break;
      default:
        throw refuse(`opcode 0x${opcode.toString(16).padStart(2, '0')} is not allowed`);
    }
  }
  throw refuse(`more than ${MOST_OPCODES} opcodes`);
}

const isKind = (value: PickleValue | undefined, kind: string): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;

export const isGlobal = (value: PickleValue | undefined): value is Global => isKind(value, 'global');
export const isMade = (value: PickleValue | undefined): value is Made => isKind(value, 'made');
export const isOpaque = (value: PickleValue | undefined): value is Opaque => isKind(value, 'opaque');

import { InputError } from '../errors/input-error.ts';

/**
 * What a pickle may hold here. Dicts are Maps, lists and tuples arrays. A global is a name and nothing else; calling one is
 * left to `call`, which knows a few names and makes data of them. Nothing of the file is ever executed.
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
  | Made;

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

export interface PickleRules {
  /** The value of calling a global; undefined for one that is not known. */
  call(name: string, parameters: readonly PickleValue[]): PickleValue | undefined;
  /** The value that a persistent id stands for; undefined for one that is not known. */
  load(id: PickleValue): PickleValue | undefined;
}

const MARK = Symbol('mark');
type Entry = PickleValue | typeof MARK;

/** Whole numbers beyond this cannot be sizes of anything that fits. */
const LONGEST_NUMBER_BYTES = 8;

/**
 * Reads a pickle of protocol 2 to 5 by the opcodes that plain data, dicts, names, calls and persistent ids need. Throws
 * InputError with the byte for any other opcode, for names that the rules do not know, and for damage.
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
  const text = (count: number): string => {
    const from = take(count);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(from, from + count));
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
  const list = (): PickleValue[] => {
    const top = peek();
    if (!Array.isArray(top)) throw refuse('what is appended to is no list');
    return top;
  };
  const put = (pairs: readonly PickleValue[]): void => {
    const top = peek();
    if (!(top instanceof Map) || pairs.length % 2 !== 0) throw refuse('what is set is no entry of a dict');
    for (let k = 0; k < pairs.length; k += 2) top.set(pairs[k]!, pairs[k + 1]!);
  };
  const known = (index: number): PickleValue => {
    const value = memo.get(index);
    if (value === undefined) throw refuse(`nothing is kept as ${index}`);
    return value;
  };
  const long = (count: number): number | bigint => {
    if (count > LONGEST_NUMBER_BYTES) throw refuse(`a whole number of ${count} bytes`);
    const from = take(count);
    let value = 0n;
    for (let k = count - 1; k >= 0; k--) value = (value << 8n) | BigInt(bytes[from + k]!);
    value = BigInt.asIntN(8 * count, value);
    return BigInt(Number(value)) === value ? Number(value) : value;
  };
  const call = (): PickleValue => {
    const parameters = pop();
    const callee = pop();
    if (!isGlobal(callee) || !Array.isArray(parameters)) throw refuse('what is called is no name');
    const value = rules.call(callee.name, parameters);
    if (value === undefined) throw refuse(`it would call ${callee.name}, which is not allowed`);
    return value;
  };

  for (;;) {
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
      case 0x47: // BINFLOAT
        stack.push(view.getFloat64(take(8)));
        break;
      case 0x58: // BINUNICODE
        stack.push(text(view.getUint32(take(4), true)));
        break;
      case 0x8c: // SHORT_BINUNICODE
      case 0x55: // SHORT_BINSTRING
        stack.push(text(bytes[take(1)]!));
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        stack.push([]);
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
      case 0x61: {
        // APPEND
        const value = pop();
        list().push(value);
        break;
      }
      case 0x65: {
        // APPENDS
        const values = sinceMark();
        const grown = list();
        for (const value of values) grown.push(value);
        break;
      }
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
      case 0x62: // BUILD: attributes, of which plain data has none; those of a dict are notes about it.
        pop();
        if (!(peek() instanceof Map)) throw refuse('attributes are given to what is no dict');
        break;
      case 0x51: {
        // BINPERSID
        const value = rules.load(pop());
        if (value === undefined) throw refuse('it refers to something that is not a stored array');
        stack.push(value);
        break;
      }
      default:
        throw refuse(`opcode 0x${opcode.toString(16).padStart(2, '0')} is not allowed`);
    }
  }
}

export const isGlobal = (value: PickleValue | undefined): value is Global =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'global';

import { createFastStream, nextUint32, reseed, streamKey } from '../../src/random/streams.ts';

/** Whole numbers below a bound, from one stream. */
export type Below = (bound: number) => number;

/** The numbers of case `index` of a reader: the same on any machine, in any order. */
export function caseNumbers(seed: number, reader: string, index: number): Below {
  const stream = createFastStream();
  reseed(stream, streamKey(seed, `hostile/${reader}`), index, 0);
  return (bound) => nextUint32(stream) % bound;
}

/** Texts that have broken programs: numbers out of range, names of prototypes, markup, formulas, terminals' codes. */
const WORDS = [
  '-1',
  '0',
  '1e999',
  '-0',
  'NaN',
  'Infinity',
  '0x7fffffffffffffff',
  '18446744073709551616',
  '9007199254740993',
  '1e-400',
  '1_000',
  'true',
  'null',
  '[]',
  '{}',
  '"',
  "'",
  ',',
  '\n',
  '\r\n',
  '\t',
  '\0',
  '\x1b[2J',
  '\u202e',
  '\ufeff',
  '__proto__',
  'constructor',
  'toString',
  '<script>alert(1)</script>',
  '=1+1',
  '../../etc/passwd',
  '/dev/zero',
  '&a [*a, *a]',
  '*a',
  '<<: *a',
  '!!js/function',
  '---\n',
  '# ',
  '%',
  'ns',
  'mA',
];

const random = (below: Below, length: number): Uint8Array => Uint8Array.from({ length }, () => below(256));

type Mutation = (bytes: Uint8Array, below: Below, other: Uint8Array) => Uint8Array;

const splice = (bytes: Uint8Array, from: number, to: number, insert: Uint8Array): Uint8Array => {
  const out = new Uint8Array(from + insert.length + bytes.length - to);
  out.set(bytes.subarray(0, from));
  out.set(insert, from);
  out.set(bytes.subarray(to), from + insert.length);
  return out;
};

const span = (bytes: Uint8Array, below: Below): [number, number] => {
  const from = below(bytes.length + 1);
  return [from, Math.min(bytes.length, from + 1 + below(64))];
};

const encoder = new TextEncoder();

const MUTATIONS: readonly Mutation[] = [
  // One bit, one byte.
  (bytes, below) => {
    const out = bytes.slice();
    if (out.length > 0) out[below(out.length)]! ^= 1 << below(8);
    return out;
  },
  (bytes, below) => {
    const out = bytes.slice();
    if (out.length > 0) out[below(out.length)] = below(256);
    return out;
  },
  // The end, a span, everything missing.
  (bytes, below) => bytes.slice(0, below(bytes.length + 1)),
  (bytes, below) => splice(bytes, ...span(bytes, below), new Uint8Array()),
  // A span twice, or many times.
  (bytes, below) => {
    const [from, to] = span(bytes, below);
    return splice(bytes, from, from, bytes.slice(from, to));
  },
  (bytes, below) => {
    const [from, to] = span(bytes, below);
    const piece = bytes.slice(from, to);
    const times = 1 + below(2000);
    const many = new Uint8Array(piece.length * times);
    for (let k = 0; k < times; k++) many.set(piece, k * piece.length);
    return splice(bytes, from, from, many);
  },
  // Random bytes, a word of the list, a very long word.
  (bytes, below) => {
    const [from, to] = span(bytes, below);
    return splice(bytes, from, to, random(below, below(32)));
  },
  (bytes, below) => {
    const [from, to] = span(bytes, below);
    return splice(bytes, from, below(2) ? from : to, encoder.encode(WORDS[below(WORDS.length)]!));
  },
  (bytes, below) => {
    const [from] = span(bytes, below);
    return splice(bytes, from, from, new Uint8Array(1 + below(100_000)).fill(32 + below(95)));
  },
  // A number of the text by another.
  (bytes, below) => {
    const text = new TextDecoder('latin1').decode(bytes);
    const numbers = [...text.matchAll(/\d+(?:\.\d+)?/g)];
    if (numbers.length === 0) return bytes.slice(0, below(bytes.length + 1));
    const { index, 0: found } = numbers[below(numbers.length)]!;
    return splice(bytes, index, index + found.length, encoder.encode(WORDS[below(13)]!));
  },
  // A word of the text by a name of a prototype, or a word of the list.
  (bytes, below) => {
    const text = new TextDecoder('latin1').decode(bytes);
    const words = [...text.matchAll(/[A-Za-z_]+/g)];
    if (words.length === 0) return random(below, 64);
    const { index, 0: found } = words[below(words.length)]!;
    return splice(bytes, index, index + found.length, encoder.encode(WORDS[below(WORDS.length)]!));
  },
  // A 32-bit or 64-bit number of a header by an extreme one.
  (bytes, below) => {
    const out = bytes.slice();
    const at = below(Math.max(1, Math.min(out.length, 512)));
    const size = below(2) ? 4 : 8;
    for (let k = at; k < Math.min(out.length, at + size); k++) out[k] = below(2) ? 0xff : 0;
    return out;
  },
  // The beginning of one file and the end of another.
  (bytes, below, other) =>
    splice(bytes, below(bytes.length + 1), bytes.length, other.slice(below(other.length + 1))),
  // Bytes of no file at all.
  (_, below) => random(below, below(512)),
];

/** Control characters but tabs and ends of lines, and the mark that stands for bytes that are no UTF-8. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
const NO_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/g;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** Whether a file is UTF-8 text. */
function isText(bytes: Uint8Array): boolean {
  try {
    return strict.decode(bytes).search(NO_TEXT) < 0;
  } catch {
    return false;
  }
}

/** The text of these bytes, with a printable character for each that is none. */
const asText = (bytes: Uint8Array): Uint8Array =>
  encoder.encode(
    lenient
      .decode(bytes)
      .replace(NO_TEXT, (character, at: number) =>
        String.fromCharCode(32 + ((character.charCodeAt(0) + at) % 95)),
      ),
  );

/** Which of the sound files, each of them tried by many cases, are texts. */
const texts = new WeakMap<Uint8Array, boolean>();

/**
 * One to three mutations, one after the other, of a file; `other` is a file of another kind. A text mostly stays UTF-8,
 * whatever its characters: otherwise nearly all that is tried would be that it is none.
 */
export function mutate(bytes: Uint8Array, below: Below, other: Uint8Array): Uint8Array {
  let text = texts.get(bytes);
  if (text === undefined) {
    text = isText(bytes);
    texts.set(bytes, text);
  }
  let out = bytes;
  for (let k = 1 + below(3); k > 0; k--) out = MUTATIONS[below(MUTATIONS.length)]!(out, below, other);
  return text && below(8) > 0 ? asText(out) : out;
}

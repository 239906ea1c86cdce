import { InputError, type Place } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { suggest } from '../errors/suggest.ts';
import type { Bytes } from '../units/flavours.ts';

/** Kinds of generated traffic; docs/traffic.md says which requests each makes. */
export const GENERATED_TRAFFIC = ['random', 'sequential', 'strided', 'bursty'] as const;
export type GeneratedKind = (typeof GENERATED_TRAFFIC)[number];

/** Consecutive bytes of a memory. */
export interface ByteRange {
  readonly from: Bytes;
  readonly bytes: Bytes;
}

/** Other traffic as its user described it. */
export type TrafficSpec = GeneratedTraffic | TraceTraffic;

export interface GeneratedTraffic {
  readonly kind: GeneratedKind;
  /** Whole bytes a millisecond (kB/s), so that arrivals are exact fractions. */
  readonly bytesPerMillisecond: number;
  /** Share of the requests that read. */
  readonly readShare: number;
  /** Left to the caller where it is absent. */
  readonly range: ByteRange | undefined;
  /** Bytes of a request; one burst of the memory where absent. */
  readonly requestBytes: Bytes | undefined;
  /** Of `strided`: bytes from one request to the next. */
  readonly stride: Bytes;
  /** Of `bursty`: requests of a burst, and thousandths of the time in which it moves them. */
  readonly burst: number;
  readonly dutyThousandths: number;
  /** Seed of its random numbers; left to the caller where it is absent. */
  readonly seed: number | undefined;
  /** Where in the text the value of a key stands; the beginning of the text for a key that is not given. */
  placeOf(key: string): Place;
}

export interface TraceTraffic {
  readonly kind: 'trace';
  /** An access trace; reading it is the caller's. */
  readonly file: string;
  /** Added to its addresses. */
  readonly offset: Bytes;
  placeOf(key: string): Place;
}

/** A share of reads as in mixes of programs, of which two thirds to three quarters are usual. */
export const DEFAULT_READ_SHARE = 0.7;
const DEFAULT_BURST = 64;
const DEFAULT_DUTY_THOUSANDTHS = 250;

const LARGEST_REQUEST = 2 ** 16;
const LARGEST_BURST = 2 ** 16;
const LARGEST_ADDRESS = 2 ** 51 - 1;
/** 1000 GB/s. */
const FASTEST = 1e9;

const COMMON_KEYS = ['rate', 'read', 'range', 'bytes', 'seed'] as const;
/** The keys of each kind. */
const KEYS: Readonly<Record<TrafficSpec['kind'], readonly string[]>> = {
  random: COMMON_KEYS,
  sequential: COMMON_KEYS,
  strided: [...COMMON_KEYS, 'stride'],
  bursty: [...COMMON_KEYS, 'burst', 'duty'],
  trace: ['offset'],
};
const KINDS = Object.keys(KEYS) as TrafficSpec['kind'][];

/** A value and where it begins in the text. */
interface Field {
  readonly value: string;
  readonly place: Place;
}

/**
 * Reads a description such as `random:1GBps:read=0.7`, `sequential:800MBps:range=0x10000000+64MiB`, `strided:1GBps:stride=4096`,
 * `bursty:2GBps:burst=32:duty=0.1` or `trace:cpu.trace.gz:offset=0x8000000`: a kind, then values separated by colons in any order; the one
 * without a key is the rate, or the trace's file. `at` is where the text begins. Throws InputError, with the column, for an
 * unknown kind or key, a key given twice, one that is missing, and a value that it cannot have.
 */
export function parseTraffic(text: string, at: Place = { file: 'traffic', line: 1, column: 1 }): TrafficSpec {
  const placeAt = (offset: number): Place => ({
    file: at.file,
    ...(at.line === undefined ? {} : { line: at.line, column: (at.column ?? 1) + offset }),
  });
  const [word] = text.split(':', 1);
  const kind = KINDS.find((known) => known === word);
  if (kind === undefined)
    throw new InputError(`unknown kind of traffic ${quoted(word ?? '')}`, {
      place: placeAt(0),
      remedy: suggest(word ?? '', KINDS, 'kinds'),
    });
  const fields = fieldsOf(text, kind, placeAt);
  const placeOf = (key: string): Place => fields.get(key)?.place ?? placeAt(0);
  if (kind === 'trace') return traceOf(fields, placeOf);

  const read = <Value>(key: string, parse: (field: Field) => Value): Value | undefined => {
    const field = fields.get(key);
    return field && parse(field);
  };
  const bytesPerMillisecond = read('rate', rateOf);
  if (bytesPerMillisecond === undefined)
    throw new InputError(`${kind} traffic without a rate`, {
      place: placeAt(0),
      remedy: `such as ${kind}:1GBps`,
    });
  const stride = read('stride', (field) => sizeOf(field, 'the stride', LARGEST_ADDRESS));
  if (kind === 'strided' && stride === undefined)
    throw new InputError('strided traffic without a stride', {
      place: placeAt(0),
      remedy: 'add one, such as :stride=4096',
    });
  return {
    kind,
    bytesPerMillisecond,
    readShare: read('read', shareOf) ?? DEFAULT_READ_SHARE,
    range: read('range', rangeOf),
    requestBytes: read('bytes', (field) => sizeOf(field, 'the size of a request', LARGEST_REQUEST)),
    stride: stride ?? 0,
    burst:
      read('burst', (field) => wholeOf(field, 'the length of a burst', 1, LARGEST_BURST)) ?? DEFAULT_BURST,
    dutyThousandths: read('duty', dutyOf) ?? DEFAULT_DUTY_THOUSANDTHS,
    seed: read('seed', (field) => wholeOf(field, 'the seed', 0, Number.MAX_SAFE_INTEGER)),
    placeOf,
  };
}

/** The values by key, the one without a key under `rate` or `file`. Throws InputError for unknown keys and for any given twice. */
function fieldsOf(
  text: string,
  kind: TrafficSpec['kind'],
  placeAt: (offset: number) => Place,
): Map<string, Field> {
  const fields = new Map<string, Field>();
  const add = (key: string, value: string, offset: number): void => {
    const place = placeAt(offset);
    if (fields.has(key)) throw new InputError(`${key} is given twice`, { place, remedy: 'give it once' });
    fields.set(key, { value, place });
  };
  let offset = kind.length + 1;
  if (kind === 'trace') {
    // A path may have colons of its own; keys stand at the end.
    const end = text.search(/(?::\w+=[^:]*)*$/);
    if (end > kind.length) add('file', text.slice(offset, end), offset);
    offset = end + 1;
  }
  if (offset > text.length) return fields;
  for (const part of text.slice(offset).split(':')) {
    const [, key, value] = /^(\w+)=(.*)$/s.exec(part) ?? [];
    if (key === undefined || value === undefined) add('rate', part, offset);
    else if (KEYS[kind].includes(key)) add(key, value, offset + key.length + 1);
    else
      throw new InputError(`unknown key ${quoted(key)} of ${kind} traffic`, {
        place: placeAt(offset),
        remedy: suggest(key, KEYS[kind], 'keys'),
      });
    offset += part.length + 1;
  }
  return fields;
}

function traceOf(fields: ReadonlyMap<string, Field>, placeOf: (key: string) => Place): TraceTraffic {
  const file = fields.get('file');
  if (!file || file.value === '')
    throw new InputError('traffic of a trace without its file', {
      place: placeOf('file'),
      remedy: 'such as trace:cpu.trace.gz',
    });
  const offset = fields.get('offset');
  return { kind: 'trace', file: file.value, offset: offset ? addressOf(offset) : 0, placeOf };
}

const refused = ({ value, place }: Field, what: string, remedy: string): InputError =>
  new InputError(`${what} is ${quoted(value)}`, { place, remedy });

const DECIMAL = /^(\d{1,15}(?:\.\d{1,15})?)([A-Za-z]*)$/;

/** Powers of ten of the units of rates, as bytes a millisecond. */
const RATE_UNITS: Readonly<Record<string, number>> = { GBps: 6, MBps: 3, kBps: 0 };

function rateOf(field: Field): number {
  const [, digits, unit = ''] = DECIMAL.exec(field.value) ?? [];
  const power = RATE_UNITS[unit];
  if (digits === undefined || power === undefined)
    throw refused(field, 'the rate', 'expected a decimal rate such as 1.5GBps, 800MBps or 50kBps');
  const rate = Number(`${digits}e${power}`);
  if (rate === 0) throw refused(field, 'the rate', 'leave the traffic out, or give a rate above 0');
  if (!Number.isSafeInteger(rate) || rate > FASTEST)
    throw refused(field, 'the rate', 'expected whole kilobytes a second, up to 1000GBps');
  return rate;
}

/** A number from 0 to 1. */
function shareOf(field: Field): number {
  const [, digits, unit] = DECIMAL.exec(field.value) ?? [];
  const share = digits === undefined || unit !== '' ? Number.NaN : Number(digits);
  if (!(share >= 0 && share <= 1)) throw refused(field, 'the share of reads', 'expected 0 to 1, such as 0.7');
  return share;
}

function dutyOf(field: Field): number {
  const [, digits, unit] = DECIMAL.exec(field.value) ?? [];
  const thousandths = digits === undefined || unit !== '' ? Number.NaN : Number(`${digits}e3`);
  if (!(Number.isInteger(thousandths) && thousandths >= 1 && thousandths <= 1000))
    throw refused(field, 'the duty', 'expected 0.001 to 1, with at most three decimals, such as 0.25');
  return thousandths;
}

function wholeOf(field: Field, what: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(field.value) ? Number(field.value) : Number.NaN;
  if (!(Number.isSafeInteger(value) && value >= least && value <= most))
    throw refused(field, what, `expected a whole number from ${least} to ${most}`);
  return value;
}

const BYTE_UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Bytes, NaN for anything else: 4096, 0x1000, 4KiB. */
function bytesOf(text: string): Bytes {
  if (/^0[xX][0-9a-fA-F]{1,13}$/.test(text)) return Number(text);
  const [, digits, unit = ''] = /^(\d{1,16})(KiB|MiB|GiB|)$/.exec(text) ?? [];
  return digits === undefined ? Number.NaN : Number(digits) * BYTE_UNITS[unit]!;
}

function sizeOf(field: Field, what: string, most: number): Bytes {
  const bytes = bytesOf(field.value);
  if (!(bytes >= 1 && bytes <= most))
    throw refused(field, what, `expected 1 to ${most} bytes, such as 4096, 0x1000 or 4KiB`);
  return bytes;
}

function addressOf(field: Field): Bytes {
  const bytes = bytesOf(field.value);
  if (!(bytes >= 0 && bytes <= LARGEST_ADDRESS))
    throw refused(field, 'the offset', 'expected an address below 2^51, such as 0x80000000');
  return bytes;
}

function rangeOf(field: Field): ByteRange {
  const [, from = '', size = ''] = /^([^+]+)\+([^+]+)$/.exec(field.value) ?? [];
  const range = { from: bytesOf(from), bytes: bytesOf(size) };
  if (!(range.from >= 0 && range.bytes >= 1 && range.from + range.bytes <= LARGEST_ADDRESS))
    throw refused(field, 'the range', 'expected FROM+BYTES, such as 0x10000000+64MiB');
  return range;
}

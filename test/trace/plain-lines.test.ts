import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AccessFormatName } from '../../src/trace/access-formats.ts';
import { FieldScanner } from '../../src/trace/field-scanner.ts';
import { randomCases } from '../effort.ts';
import { type ReadOptions, readTrace } from './access-texts.ts';

/** What each method answers where a line is not plain: then the general methods read it, which look for everything. */
const UNPLAIN = {
  plainWord: -1,
  plainKept: false,
  plainDecimal: -1,
  plainAddress: -1,
  plainAddressDigits: -1,
  plainThousandths: -1,
  plainSigned: Number.NaN,
  plainListed: Number.NaN,
  plainEnd: false,
} as const;

/** What a reader makes of a text: its accesses and losses, or the message that refuses it, with its place. */
function outcome(text: string, options: ReadOptions): unknown {
  try {
    return readTrace(text, options);
  } catch (error) {
    return (error as Error).message;
  }
}

/** The outcomes where no line is plain; the methods are replaced for all texts at once, which takes longer than to read one. */
function generalOutcomes(asked: readonly (readonly [text: string, options: ReadOptions])[]): unknown[] {
  for (const [method, answer] of Object.entries(UNPLAIN))
    vi.spyOn(FieldScanner.prototype, method as keyof typeof UNPLAIN).mockReturnValue(answer as never);
  try {
    return asked.map(([text, options]) => outcome(text, options));
  } finally {
    vi.restoreAllMocks();
  }
}
afterEach(() => vi.restoreAllMocks());

const digits = fc.oneof(
  fc.nat({ max: 300 }).map(String),
  fc.constantFrom('0', '007', '999999999999', '1000000000000', '999999999999999', '2251799813685248', '-1'),
);
const hexadecimal = fc.oneof(
  fc.nat({ max: 0xffff }).map((n) => n.toString(16)),
  fc.constantFrom('FFFFFFFFFFFF', '1000000000000', '7ffffffffffff', 'ffffffffffffffffff', ''),
);
const address = fc.tuple(fc.constantFrom('0x', '0x', '0X', ''), hexadecimal).map((parts) => parts.join(''));
const blank = fc.constantFrom(' ', ' ', ' ', '\t', '  ', '');
const data = fc.constantFrom('0', 'abcdef0123', '0xff', '0'.repeat(128), '0'.repeat(5000), '12g4');
const word = (...words: string[]): fc.Arbitrary<string> => fc.constantFrom(...words, ...words, 'x', '');
const float = fc.tuple(digits, fc.constantFrom('', '.0', '.00', '.5')).map((parts) => parts.join(''));
const line = (...parts: (fc.Arbitrary<string> | string)[]): fc.Arbitrary<string> =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => texts.join(''));

const dramsys = fc.oneof(
  line(digits, ':', blank, word('read', 'write'), blank, address),
  line(digits, ':', blank, '(', digits, ')', blank, word('read', 'write'), blank, address),
  line(digits, ':\t', word('read', 'write'), '\t', address, ' ', data),
);
const LINES = {
  stl: dramsys,
  rstl: dramsys,
  nvmain: line(digits, ' ', word('R', 'W'), ' ', address, ' ', data, blank, data, ' ', digits),
  'ramulator-cpu': fc.oneof(
    line(digits, ' ', address),
    line(digits, blank, fc.oneof(address, digits), ' ', fc.oneof(address, digits)),
  ),
  'scale-sim': fc
    .tuple(fc.constantFrom('', '-'), float, fc.array(fc.tuple(fc.constantFrom(',', ', ', ' ,', ',-'), float)))
    .map(([sign, cycle, list]) => `${sign}${cycle}${list.map((parts) => parts.join('')).join('')}`),
  csv: line(
    fc.constantFrom('0', '0', '1.5', '12.125', '0.0001'),
    ',',
    word('read', 'write', 'W'),
    ',',
    address,
    ',',
    digits,
    ',',
    digits,
  ),
  ramulator: line(address, ' ', word('R', 'W')),
  ramulator2: line(word('LD', 'ST'), ' ', fc.oneof(address, digits)),
  dramsim3: line(address, ' ', word('READ', 'WRITE'), ' ', digits),
} as const satisfies Partial<Record<AccessFormatName, fc.Arbitrary<string>>>;

/** What may stand before the lines. */
const HEADS = {
  nvmain: ['', 'NVMV1\n'],
  csv: ['arrival_ns,op,address,bytes,source\n'],
} as const;

/** Most lines as programs write them, others with anything in them. */
const mutated = (drawn: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      drawn,
      fc.nat(),
      fc.constantFrom('', '', '', '', '', ' ', '\t', '#', 'z', ',', '-', '\r', '\n', '9'),
    )
    .map(([text, at, more]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + more + text.slice(place);
    });

/** Thirty texts at a time: see `generalOutcomes`. */
const BATCH = { minLength: 30, maxLength: 30 };

describe('a line in the form in which programs write it', () => {
  it.each(Object.keys(LINES) as (keyof typeof LINES)[])(
    '%s: says the same as to the general reader, and is refused with the same words at the same place',
    (format) => {
      const text = fc
        .tuple(
          fc.constantFrom(...(HEADS[format as keyof typeof HEADS] ?? ['', '# a comment\n'])),
          fc.array(mutated(LINES[format]), { maxLength: 8 }),
          fc.constantFrom('\n', '\n', '\r\n'),
          fc.boolean(),
        )
        .map(([head, lines, end, last]) => head + lines.join(end) + (last ? end : ''));
      const options = fc.record(
        {
          clock: fc.constantFrom(1000, 933.333),
          accessBytes: fc.constantFrom(1, 2, 64, 4096),
          addressBase: fc.constantFrom(10 as const, 16 as const),
          lateTimes: fc.boolean(),
          writes: fc.boolean(),
        },
        { requiredKeys: [] },
      );
      let taken = 0;
      fc.assert(
        fc.property(fc.array(fc.tuple(text, options), BATCH), (drawn) => {
          const asked = drawn.map(([lines, given]) => [lines, { ...given, format }] as const);
          const fast = asked.map(([lines, given]) => outcome(lines, given));
          expect(fast).toEqual(generalOutcomes(asked));
          taken += fast.filter((one) => typeof one !== 'string').length;
        }),
        { seed: 22, numRuns: randomCases(12, 333) },
      );
      expect(taken).toBeGreaterThan(10);
    },
  );
});

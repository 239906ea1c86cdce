import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../src/bytes/byte-source.ts';
import { noLosses } from '../../src/trace/access-format.ts';
import { type AccessRunReader, emptyRun } from '../../src/trace/access-run.ts';
import { openAccessTrace } from '../../src/trace/access-trace.ts';
import { windowed } from '../../src/trace/address-window.ts';
import { randomCases } from '../effort.ts';

const UNIT = 8;

interface Drawn {
  /** How far a line is from where the one before it ends, in units. */
  readonly gap: number;
  readonly write: boolean;
  /** Nanoseconds since the line before it. */
  readonly later: number;
  readonly source: number;
  readonly bytes: number;
  /** Something before the line, which takes it out of the form in which programs write it. */
  readonly before: string;
}

/** Mostly the usual value. */
const mostly = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const drawn: fc.Arbitrary<Drawn> = fc.record({
  gap: mostly(0, 1, -1, 5),
  write: mostly(false, true),
  later: mostly(0, 2),
  source: mostly(0, 1),
  bytes: mostly(UNIT, 2 * UNIT, 3),
  before: mostly('', '\n', ' ', '# a comment\n'),
});

const FORMATS = {
  ramulator: (lines: readonly Placed[]) =>
    lines.map(({ before, address, write }) => `${before}0x${address.toString(16)} ${write ? 'W' : 'R'}\n`),
  ramulator2: (lines: readonly Placed[]) =>
    lines.map(({ before, address, write }) => `${before}${write ? 'ST' : 'LD'} 0x${address.toString(16)}\n`),
  csv: (lines: readonly Placed[]) => [
    'arrival_ns,op,address,bytes,source\n',
    ...lines.map(
      ({ before, time, write, address, bytes, source }) =>
        `${before}${time},${write ? 'write' : 'read'},0x${address.toString(16)},${bytes},${source}\n`,
    ),
  ],
};

interface Placed extends Drawn {
  readonly address: number;
  readonly time: number;
}

function placed(lines: readonly Drawn[], inUnits: boolean): Placed[] {
  let end = 64 * UNIT;
  let time = 0;
  return lines.map((line) => {
    const address = Math.max(0, end + line.gap * UNIT);
    end = address + (inUnits ? UNIT : line.bytes);
    time += line.later;
    return { ...line, address, time };
  });
}

interface Read {
  readonly accesses: readonly (readonly unknown[])[];
  /** The line on which a run begins, by the number of the access with which it does. */
  readonly lines: ReadonlyMap<number, number>;
  /** The message that ends it, if one does. */
  readonly fault?: string;
}

/** Every access of a trace, runs cut at each of their accesses, which are of a unit where the run is of whole units. */
function readAll(reader: AccessRunReader, most?: number): Read {
  const run = emptyRun();
  const accesses: unknown[][] = [];
  const lines = new Map<number, number>();
  try {
    while (reader.next(run)) {
      lines.set(accesses.length, reader.place!().line!);
      const { bytes } = run;
      if (most !== undefined && bytes % UNIT === 0) reader.join!(run, UNIT, most);
      expect(run.bytes).toBeLessThanOrEqual(Math.max(most ?? 0, bytes));
      const step = run.bytes % UNIT === 0 ? UNIT : run.bytes;
      for (let byte = 0; byte < run.bytes; byte += step)
        accesses.push([run.address + byte, step, run.write, run.arrival, run.source]);
    }
  } catch (error) {
    return { accesses, lines, fault: (error as Error).message };
  }
  return { accesses, lines };
}

describe('lines that go on where the one before them ends', () => {
  it.each(Object.keys(FORMATS) as (keyof typeof FORMATS)[])('%s: joined, are the same accesses', (format) => {
    let joined = 0;
    fc.assert(
      fc.property(
        fc.array(drawn, { maxLength: 40, size: 'max' }),
        fc.constantFrom(UNIT, 4 * UNIT, 1e9),
        fc.constantFrom(0, 3 * UNIT),
        fc.constantFrom('', 'nonsense\n'),
        (lines, most, offset, last) => {
          const text = FORMATS[format](placed(lines, format !== 'csv')).join('') + last;
          const open = (): AccessRunReader =>
            windowed(
              openAccessTrace(
                bytesInMemory(new TextEncoder().encode(text), 'a.trace'),
                { format, accessBytes: UNIT },
                noLosses(),
              ),
              { offset },
            );
          const alone = readAll(open());
          const together = readAll(open(), most);
          expect({ ...together, lines: 0 }).toEqual({ ...alone, lines: 0 });
          for (const [access, line] of together.lines) expect(line).toBe(alone.lines.get(access));
          joined += alone.lines.size - together.lines.size;
        },
      ),
      { numRuns: randomCases(300, 10_000) },
    );
    expect(joined).toBeGreaterThan(200);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { cases, FULL } from '../effort.ts';
import { caseNumbers, mutate } from './mutate.ts';
import { allReaders, type Reader } from './readers.ts';
import { startWatchdog } from './watchdog.ts';

/**
 * Every reader is given files that were damaged in a way that a seed decides, and must take or refuse each: no other
 * error, no hang, no message that breaks a terminal. `SPARKXD_FUZZ=100000 npx vitest run test/hostile` tries more;
 * `SPARKXD_FUZZ_SEED` gives others.
 */
const CASES = Number(process.env['SPARKXD_FUZZ'] ?? (FULL ? cases(1300, 20_000) : 400));
const SEED = Number(process.env['SPARKXD_FUZZ_SEED'] ?? 1);

const SLOWEST_SECONDS = 10;
const LARGEST_BYTES = 2 ** 30;
const LONGEST_LINE = 500;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/;
/** Words of the libraries below, which tell a user nothing. */
const FOREIGN_WORDS = /Invalid input|Unrecognized key|expected (?:string|object|array|number), received/;

/** What is wrong with an error as the answer to a hostile file; undefined if nothing is. */
function complaint(error: unknown): string | undefined {
  if (!(error instanceof InputError)) return `not a refusal: ${(error as Error)?.stack ?? String(error)}`;
  const lines = error.message.split('\n');
  if (lines.length > 3) return `${lines.length} lines: ${error.message}`;
  if (lines.some(({ length }) => length > LONGEST_LINE))
    return `a line of more than ${LONGEST_LINE} characters`;
  if (CONTROL.test(error.message)) return `a control character: ${JSON.stringify(error.message)}`;
  if (FOREIGN_WORDS.test(error.message)) return `words of a library: ${error.message}`;
  return undefined;
}

describe('hostile files', async () => {
  let folder: string;
  let readers: Reader[];
  const watchdog = startWatchdog(SLOWEST_SECONDS);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sparkxd-hostile-'));
    readers = await allReaders(folder);
  });
  afterAll(async () => {
    await watchdog.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('begin as sound files, which their readers take', async () => {
    const refused: string[] = [];
    for (const reader of readers)
      for (const [k, bytes] of reader.sound.entries()) {
        const file = join(folder, `sound${reader.ending}`);
        await writeFile(file, bytes);
        await reader
          .read(file)
          .catch((error: Error) => refused.push(`${reader.name} ${k}: ${error.message}`));
      }
    // Of the tensors of other programs some are there to be refused: programs, bombs, filters.
    expect(refused.filter((line) => !line.startsWith('tensors of other programs'))).toEqual([]);
  });

  it('are taken or refused, and nothing else', { timeout: 3_600_000 }, async () => {
    const tally = new Map(readers.map(({ name }) => [name, { taken: 0, refused: 0 }]));
    const faults: string[] = [];
    let peak = 0;
    for (let index = 0; index < CASES; index++) {
      const reader = readers[index % readers.length]!;
      const below = caseNumbers(SEED, reader.name, index);
      const other = readers[below(readers.length)]!.sound[0]!;
      const bytes = mutate(reader.sound[below(reader.sound.length)]!, below, other);
      const file = join(folder, `case${reader.ending}`);
      await writeFile(file, bytes);
      watchdog.begin(`${reader.name}, case ${index}, seed ${SEED}`);
      const count = tally.get(reader.name)!;
      try {
        await reader.read(file);
        count.taken++;
      } catch (error) {
        count.refused++;
        const wrong = complaint(error);
        if (wrong !== undefined && faults.length < 200)
          faults.push(`${reader.name}, case ${index}: ${wrong}`);
      }
      if (index % 100 === 0) peak = Math.max(peak, process.memoryUsage().rss);
    }
    if (CASES > 5000)
      for (const [name, { taken, refused }] of tally)
        console.log(`${name}: ${taken} taken, ${refused} refused`);
    console.log(`${CASES} hostile files, ${faults.length} faults, peak ${(peak / 2 ** 20).toFixed(0)} MiB`);
    expect(faults).toEqual([]);
    expect(peak).toBeLessThan(LARGEST_BYTES);
    // A reader that takes or refuses everything was not tried.
    for (const [name, { taken, refused }] of tally)
      expect({ name, tried: refused > 0 && taken + refused > CASES / 200 }).toEqual({ name, tried: true });
  });
});

import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { runCheck } from '../../src/experiments/check.ts';
import { type CommandTraceFormat, TEXT_COMMAND_FORMATS } from '../../src/trace/command-trace-formats.ts';

/** A file a fault, in a folder a format; expected.json has what the error says and where it points. */
const corpus = fileURLToPath(new URL('malformed-commands', import.meta.url));
const expected: Readonly<Record<string, { readonly message: string; readonly at: string }>> = JSON.parse(
  await readFile(join(corpus, 'expected.json'), 'utf8'),
);

const refusal = (file: string, format?: CommandTraceFormat): Promise<unknown> =>
  runCheck({
    ...{ commands: join(corpus, file), device: 'lpddr3-1600-4gb', timing: 'nominal' },
    ...{ postponedRefreshes: 8, limit: 1 },
    ...(format === undefined ? {} : { format }),
  }).then(
    () => 'accepted',
    (error: unknown) => error,
  );

describe('the corpus of malformed command traces', () => {
  it.each(Object.entries(expected))('%s is refused at its place', async (file, { message, at }) => {
    const error = await refusal(file, dirname(file) as CommandTraceFormat);
    expect(error).toBeInstanceOf(InputError);
    const said = (error as InputError).message.split('\n');
    expect(said.length).toBeLessThanOrEqual(3);
    expect(said[0]).toBe(message);
    expect(said[1]).toBe(`  at ${join(corpus, file)}${at === '' ? '' : `:${at}`}`);
  });

  it('is refused as well when the format must be found from the content', async () => {
    // Without its header our own format is DRAMPower's.
    for (const file of Object.keys(expected).filter((name) => name !== 'sparkxd/header.csv'))
      expect(await refusal(file), file).toBeInstanceOf(InputError);
  });

  it('has every file listed, and each fault for each format', async () => {
    const files = (await readdir(corpus, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && entry.name !== 'expected.json')
      .map((entry) => join(entry.parentPath, entry.name).slice(corpus.length + 1));
    expect(files.sort()).toEqual(Object.keys(expected).sort());
    for (const format of TEXT_COMMAND_FORMATS)
      for (const fault of ['truncated', 'operation', 'negative', 'overflow', 'columns', 'garbage', 'bank'])
        expect(
          files.filter((file) => file.startsWith(`${format}/${fault}.`)).length,
          `${format} ${fault}`,
        ).toBeGreaterThan(0);
  });
});

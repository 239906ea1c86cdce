import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { runConvert } from '../../src/experiments/convert.ts';
import type { ConvertInput } from '../../src/settings/jobs/convert.ts';
import { ACCESS_FORMATS, type AccessFormatName } from '../../src/trace/access-formats.ts';

/** A file a fault, in a folder a format; expected.json has what the error says and where it points. */
const corpus = fileURLToPath(new URL('malformed', import.meta.url));
interface Expected {
  readonly message: string;
  /** `line:column`, `byte N`, or empty for damage to the gzip shell, whose bytes are no lines. */
  readonly at: string;
}
const expected: Readonly<Record<string, Expected>> = JSON.parse(
  await readFile(join(corpus, 'expected.json'), 'utf8'),
);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-malformed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function refusal(file: string, from: AccessFormatName | undefined): Promise<unknown> {
  const job: ConvertInput = {
    ...{ input: join(corpus, file), output: join(folder, 'out.sxt'), to: 'sxt' },
    ...{ clock: 1000, allowLossy: true },
    ...(from === undefined ? {} : { from }),
    ...(file.startsWith('ramulator2-vector') ? { device: 'lpddr3-1600-4gb' } : {}),
  };
  return runConvert(job).then(
    () => 'accepted',
    (error: unknown) => error,
  );
}

describe('the corpus of malformed access traces', () => {
  it.each(Object.entries(expected))(
    '%s is refused at its place, leaving nothing',
    async (file, { message, at }) => {
      const error = await refusal(file, dirname(file) as AccessFormatName);
      expect(error).toBeInstanceOf(InputError);
      const said = (error as InputError).message.split('\n');
      expect(said.length).toBeLessThanOrEqual(3);
      const byte = at.startsWith('byte ') ? ` (${at})` : '';
      expect(said[0]).toBe(message + byte);
      expect(said[1]).toBe(`  at ${join(corpus, file)}${at === '' || byte !== '' ? '' : `:${at}`}`);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('is refused as well when the format must be found from the content', async () => {
    for (const file of Object.keys(expected))
      expect(await refusal(file, undefined), file).toBeInstanceOf(InputError);
    expect(await readdir(folder)).toEqual([]);
  });

  it('has every file listed, and each fault for each format', async () => {
    const files = (await readdir(corpus, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && entry.name !== 'expected.json')
      .map((entry) => join(entry.parentPath, entry.name).slice(corpus.length + 1));
    expect(files.sort()).toEqual(Object.keys(expected).sort());
    for (const format of ACCESS_FORMATS)
      for (const fault of ['truncated', 'operation', 'negative', 'overflow', 'columns', 'garbage'])
        expect(
          files.filter((file) => file.startsWith(`${format}/${fault}.`)).length,
          `${format} ${fault}`,
        ).toBeGreaterThan(0);
  });
});

import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FULL } from '../effort.ts';
import { isRefusal, parseCsv, sparkxd } from './program.ts';

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
const text = (...names: string[]): Promise<string> => readFile(at(...names), 'utf8');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-verify-'));
  const job = [
    '--images',
    '20',
    '--chips',
    '1',
    '--inferences',
    '1',
    '--supply',
    '1.35,1.025',
    '--jobs',
    '1',
  ];
  const done = await sparkxd('run', ...job, '--also', 'jsonl,parquet', '--out', at('made'));
  expect(done).toMatchObject({ code: 0 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A copy of the results in which one file says something else. */
async function changed(name: string, file: string, change: (text: string) => string): Promise<string> {
  await cp(at('made'), at(name), { recursive: true });
  const before = await text(name, file);
  await writeFile(at(name, file), change(before));
  expect(await text(name, file)).not.toBe(before);
  return at(name);
}

describe('sparkxd run --repair context', () => {
  const job = [
    ...[
      '--images',
      '20',
      '--chips',
      '1',
      '--inferences',
      '1',
      '--supply',
      '1.35,1.025',
      '--mapping',
      'baseline',
    ],
    ...['--format', 'int8', '--repair', 'context', '--jobs', '1'],
  ];

  it.runIf(FULL)('decodes with a prior, which the manifest names, and is verified with it', async () => {
    const ran = await sparkxd('run', ...job, '--prior', 'n900-mnist', '--out', at('context'));
    expect(ran).toMatchObject({ code: 0 });
    const manifest = JSON.parse(await text('context', 'manifest.json')) as { inputs: object };
    expect(manifest.inputs).toHaveProperty('prior n900-mnist');
    expect((await sparkxd('verify', at('context'), '--all')).stdout).toMatch(
      /2 of 2 points derived again: the same/,
    );
    const [row] = parseCsv(await text('context', 'results.csv'));
    expect(row).toMatchObject({ repair: 'context', flipped_bits: '0' });
  });

  it.each([
    [[], /learns what weights look like from another network/],
    [['--prior', 'n400-mnist'], /the prior is the network itself/],
    [['--prior', 'n900-mnist', '--repair', 'clamp'], /"clamp" takes no prior/],
    [['--prior', 'n900-mnist', '--optimise'], /no prior for the repair "context"/],
  ])('refuses %j', async (more, message) => {
    const ran = await sparkxd('run', ...job, ...more, '--out', at('refused'));
    expect(ran.code).toBe(1);
    expect(isRefusal(ran)).toBe(true);
    expect(ran.stderr).toMatch(message);
  });
});

describe('sparkxd run --also', () => {
  it('writes the rows of results.csv as JSON Lines and as Parquet', async () => {
    expect((await readdir(at('made'))).sort()).toEqual([
      ...['manifest.json', 'report.html', 'results.csv', 'results.jsonl', 'results.parquet'],
    ]);
    const rows = parseCsv(await text('made', 'results.csv'));
    const asText = (row: object): object =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, value === null ? '' : String(value)]),
      );
    const lines = (await text('made', 'results.jsonl')).trimEnd().split('\n');
    expect(lines.map((line) => asText(JSON.parse(line)))).toEqual(rows);
    const { buffer, byteOffset, byteLength } = await readFile(at('made', 'results.parquet'));
    const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    expect((await parquetReadObjects({ file })).map(asText)).toEqual(rows);
  });

  it('is a usage error with an unknown form', async () => {
    expect((await sparkxd('run', '--also', 'xlsx')).code).toBe(2);
  });
});

describe('sparkxd verify', () => {
  it('derives points again, a few or all, and finds the same bytes', async () => {
    const some = await sparkxd('verify', at('made'), '--jobs', '2', '--json');
    expect([some.code, some.stderr]).toEqual([0, '']);
    const { points, lines, differences } = JSON.parse(some.stdout);
    expect([points, lines.length, differences]).toEqual([4, 3, []]);
    const all = await sparkxd('verify', at('made'), '--all', '--jobs', '1');
    expect([all.code, all.stdout]).toEqual([0, '4 of 4 points derived again: the same bytes\n']);
  });

  it('says what differs, cell by cell and input by input, and exits with 1', async () => {
    const [, first] = (await text('made', 'results.csv')).split('\r\n');
    const cells = parseCsv(await text('made', 'results.csv'));
    const bits = cells[3]!['flipped_bits'];
    const edited = await changed('edited', 'results.csv', (csv) =>
      csv
        .split('\r\n')
        .map((line, i) => (i === 4 ? line.replace(`,${bits},`, ',7,') : line))
        .join('\r\n'),
    );
    await writeFile(at('edited', 'results.jsonl'), '{}\n');
    const zeros = '0'.repeat(64);
    const manifest = await text('edited', 'manifest.json');
    const device = /"device lpddr3-1600-4gb-sparkxd": "([0-9a-f]{64})"/.exec(manifest)![1]!;
    await writeFile(at('edited', 'manifest.json'), manifest.replace(device, zeros));
    const { code, stdout } = await sparkxd('verify', edited, '--all', '--jobs', '1', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).differences).toEqual([
      {
        place: 'manifest.json',
        what: 'SHA-256 of device lpddr3-1600-4gb-sparkxd',
        stated: zeros,
        derived: device,
      },
      { place: 'results.csv:5', what: 'flipped_bits', stated: '7', derived: bits },
      expect.objectContaining({ place: 'results.jsonl', what: 'SHA-256' }),
    ]);
    const short = await changed('short', 'results.csv', (csv) =>
      csv.replace(`${first}\r\n`, '').replace(',ber_chip,', ',error_rate,'),
    );
    const lost = await sparkxd('verify', short, '--points', '2', '--seed', '5', '--jobs', '1');
    expect([lost.code, lost.stderr]).toEqual([1, '']);
    expect(lost.stdout).toMatch(/results\.csv:1 +columns +error_rate +ber_chip\n/);
    expect(lost.stdout).toMatch(/results\.csv +rows +3 +4\n/);
    expect(lost.stdout).toMatch(
      /^2 of 4 points derived again \(lines \d, \d of results\.csv\): \d+ differences\n/,
    );
  });

  it('refuses what no run of this version wrote', async () => {
    const copies = [
      [
        await changed('seed', 'manifest.json', (json) => json.replace('"seed": 1', '"seed": 2')),
        /its SHA-256 differs/,
      ],
      [
        await changed('old', 'manifest.json', (json) =>
          json.replace(/"version": "[^"]*"/, '"version": "0.0.1"'),
        ),
        /results of sparkxd 0\.0\.1; this is .*\n.*\n {2}verify them with the version/,
      ],
      [
        await changed('other', 'manifest.json', (json) => json.replace('"run"', '"train"')),
        /not the manifest of/,
      ],
      [await changed('cut', 'manifest.json', (json) => json.slice(0, 40)), /not JSON/],
      [
        await changed('bare', 'manifest.json', (json) => {
          const { configuration, ...rest } = JSON.parse(json) as { configuration: object };
          const renamed = JSON.stringify(configuration).replace('"supplies"', '"levels"');
          const hash = createHash('sha256').update(renamed).digest('hex');
          const manifest = { ...rest, configuration: JSON.parse(renamed), configuration_sha256: hash };
          return JSON.stringify(manifest);
        }),
        /unknown key "levels" in configuration\n {2}at .*manifest\.json\n.*supplies/,
      ],
      [at('none'), /no results of sparkxd run here: no such file/],
    ] as const;
    for (const [copy, said] of copies) {
      const refused = await sparkxd('verify', copy);
      expect([refused.code, isRefusal(refused)]).toEqual([1, true]);
      expect(refused.stderr).toMatch(said);
    }
  });
});

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTimeline } from '../engine/trace-events.ts';
import { isRefusal, type Ran, sparkxd } from './program.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const SUBARRAY = 512 * 8 * 4096;
const GOLDEN = new URL('../goldens/timeline/two-rows.json', import.meta.url);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-timeline-'));
  // Bank 0: four bursts of a row, a row of another subarray, which is written, and after a pause the first again.
  const lines = [
    ...[0, 32, 64, 96].map((address) => [address, 'READ', 0] as const),
    ...[0, 32].map((address) => [SUBARRAY + address, 'WRITE', 0] as const),
    [128, 'READ', 400] as const,
  ].map(([address, kind, cycle]) => `0x${address.toString(16)} ${kind} ${cycle}`);
  await writeFile(at('rows.trace'), `${lines.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

const replay = (...options: string[]): Promise<Ran> =>
  sparkxd(
    ...['replay', at('rows.trace'), '--device', 'lpddr3-1600-4gb', '--arrival', 'trace', '--quiet'],
    ...options,
  );

describe('replay --timeline', () => {
  it('writes the file of the golden example, and the table as without it', async () => {
    const plain = await replay();
    const ran = await replay('--timeline', at('all.json'));
    expect(ran).toEqual(plain);
    const text = await readFile(at('all.json'), 'utf8');
    readTimeline(text);
    expect(text.replace(at('rows.trace'), 'rows.trace')).toBe(await readFile(GOLDEN, 'utf8'));
  });

  it('writes a window of it, as gzip where the name says so', async () => {
    await replay('--timeline', at('part.json.gz'), '--timeline-window', '50ns:0.3us');
    const text = gunzipSync(await readFile(at('part.json.gz'))).toString('utf8');
    const { spans, about } = readTimeline(text, { from: 50_000, to: 300_000 });
    expect(about['window']).toBe('50ns:0.3us');
    expect([...spans.values()].flat().length).toBeGreaterThan(2);
  });

  it('shows a track a subarray where subarrays are used apart', async () => {
    await replay('--timeline', at('masa.json'), '--subarrays', 'masa', '--timeline-window', ':1us');
    const { spans } = readTimeline(await readFile(at('masa.json'), 'utf8'), { to: 1_000_000 });
    expect([...spans.keys()].sort()).toEqual([
      'DRAM channel 0 / data bus',
      'DRAM channel 0 / rank 0 bank 0 subarray 0',
      'DRAM channel 0 / rank 0 bank 0 subarray 1',
    ]);
  });

  it('is refused on a command line that asks for none, for several, or for a window that is none', async () => {
    const file = ['--timeline', at('refused.json')];
    for (const [options, message] of [
      [['--timeline-window', '1us:2us'], /name its file with --timeline/],
      [[...file, '--supply', '1.2,1.1'], /one simulation, not 2 supplies/],
      [[...file, '--profile', 'sparkxd', '--chips', '3'], /one simulation, not 3 chips/],
      [[...file, '--timeline-window', '2us:1us'], /2us is not before 1us/],
      [[...file, '--timeline-window', '1:2us'], /a unit after 1: ps, ns/],
      [[...file, '--timeline-window', '1us'], /FROM:TO with units/],
    ] as const) {
      const ran = await replay(...options);
      expect(ran.stderr).toMatch(message);
      expect(isRefusal(ran)).toBe(true);
      expect(ran.code).toBe(2);
    }
    const under = await replay('--timeline', at('rows.trace/t.json'));
    expect(under.stderr).toMatch(/cannot write the timeline: a file is in its place/);
    expect([under.code, isRefusal(under)]).toEqual([1, true]);
    const failed = await replay('--device', 'lpddr3-1600-4gb', ...file, '--offset', '0x40');
    expect(failed.code).toBe(1);
    expect((await readdir(folder)).filter((name) => /refused|\.part/.test(name))).toEqual([]);
  });
});

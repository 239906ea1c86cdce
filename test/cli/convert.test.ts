import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS_FORMATS } from '../../src/trace/access-formats.ts';
import { isRefusal, sparkxd } from './program.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const file = async (name: string, text: string): Promise<string> => {
  await writeFile(at(name), text);
  return at(name);
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-convert-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('sparkxd convert', () => {
  it('makes one format from another, compressed if asked, and says what it did', async () => {
    const from = await file('a.trace', '0x1000 READ 8\n0x1040 WRITE 9\n');
    const { code, stdout } = await sparkxd('convert', from, at('a.csv.gz'), '--to', 'csv', '--clock', '800');
    expect([code, stdout]).toEqual([
      0,
      `${at('a.csv.gz')}: 2 runs of dramsim3, 64 bytes read and 64 written, as csv\n`,
    ]);
    expect(gunzipSync(await readFile(at('a.csv.gz'))).toString()).toBe(
      'arrival_ns,op,address,bytes,source\n10,read,0x1000,64,0\n11.25,write,0x1040,64,0\n',
    );
    const back = await sparkxd(
      'convert',
      at('a.csv.gz'),
      at('b.trace'),
      '--to',
      'dramsim3',
      '--clock',
      '800',
    );
    expect(back.code).toBe(0);
    expect(await readFile(at('b.trace'), 'utf8')).toBe('0x1000 READ 8\n0x1040 WRITE 9\n');
  });

  it('needs no clock between formats that count in cycles', async () => {
    const from = await file('c.trace', '0x1000 READ 8\n0x1040 WRITE 9\n');
    expect((await sparkxd('convert', from, at('c.rstl'), '--to', 'rstl')).code).toBe(0);
    expect(await readFile(at('c.rstl'), 'utf8')).toBe('8: (64) read 0x1000\n1: (64) write 0x1040\n');
  });

  it('refuses to lose what belongs to the requests, and lists it when that is allowed', async () => {
    const from = await file('d.csv', 'arrival_ns,op,address,bytes,source\n5,read,64,64,3\n');
    const refused = await sparkxd('convert', from, at('d.trace'), '--to', 'ramulator');
    expect(refused.code).toBe(1);
    expect(isRefusal(refused)).toBe(true);
    expect(refused.stderr).toMatch(/ramulator would lose 1 arrival time, 1 source\n.*\n.*--allow-lossy/);
    expect((await readdir(folder)).filter((name) => name.includes('d.trace'))).toEqual([]);
    const allowed = await sparkxd('convert', from, at('d.trace'), '--to', 'ramulator', '--allow-lossy');
    expect([allowed.code, allowed.stderr]).toEqual([0, 'not carried over: 1 arrival time; 1 source\n']);
    expect(await readFile(at('d.trace'), 'utf8')).toBe('0x40 R\n');
  });

  it('takes address vectors in the coordinates of a device', async () => {
    const from = await file('e.trace', 'R 0,0,3,7,5\n');
    const device = ['--device', 'lpddr3-1600-4gb'];
    const { code, stdout } = await sparkxd('convert', from, at('e.sxt'), '--to', 'sxt', ...device, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { from: 'ramulator2-vector', runs: 1, reads: 32, lost: [] },
    ]);
    await sparkxd('convert', at('e.sxt'), at('f.trace'), '--to', 'ramulator2-vector', ...device);
    expect(await readFile(at('f.trace'), 'utf8')).toBe('R 0,0,3,7,5\n');
  });

  it('refuses one run that would be more lines than a disk holds, and keeps a limit', async () => {
    const from = await file('h.csv', `arrival_ns,op,address,bytes,source\n0,read,0,${2 ** 50},0\n`);
    expect((await sparkxd('convert', from, at('h.sxt'), '--to', 'sxt')).code).toBe(0);
    const refused = await sparkxd('convert', at('h.sxt'), at('h.trace'), '--to', 'ramulator');
    expect(refused.code).toBe(1);
    expect(isRefusal(refused)).toBe(true);
    expect(refused.stderr).toContain(
      '17,592,186,044,416 accesses with the run of 1,125,899,906,842,624 bytes',
    );
    const three = await file('i.trace', '0x40 R\n0x80 R\n0xC0 R\n');
    const limited = (limit: string) =>
      sparkxd('convert', three, at('h.trace'), '--to', 'ramulator2', '--limit', limit);
    expect((await limited('2')).stderr).toContain('3 accesses with the run');
    expect((await readdir(folder)).filter((name) => name.includes('h.trace'))).toEqual([]);
    expect((await limited('3')).code).toBe(0);
  });

  it('names the place of what it cannot read, and leaves nothing behind', async () => {
    const from = await file('g.trace', '0x1000 READ 8\n0x1040 RITE 9\n');
    const refused = await sparkxd('convert', from, at('g.out'), '--to', 'stl');
    expect(refused.code).toBe(1);
    expect(isRefusal(refused)).toBe(true);
    expect(refused.stderr).toContain(`unknown operation "RITE"\n  at ${from}:2:8\n`);
    expect((await readdir(folder)).filter((name) => name.includes('g.out'))).toEqual([]);
  });

  it('goes through every format, found from its content, and back to the same bytes', async () => {
    const lines = Array.from(
      { length: 300 },
      (_, i) => `0,read,0x${(((i * 7919) % 4096) * 64).toString(16)},32,0`,
    );
    const first = await file('i.csv', `arrival_ns,op,address,bytes,source\n${lines.join('\n')}\n`);
    const formats = ACCESS_FORMATS.filter((name) => name !== 'csv');
    // Loading a device takes long; it is needed for address vectors alone.
    const device = ['--device', 'lpddr3-1600-4gb'];
    let from = first;
    for (const [i, to] of [...formats, 'csv'].entries()) {
      const out = at(`chain.${to}${i % 2 === 0 ? '.gz' : ''}`);
      const { code, stdout } = await sparkxd(
        'convert',
        from,
        out,
        '--to',
        to,
        '--access-bytes',
        '32',
        ...(`${from} ${to}`.includes('vector') ? device : []),
        '--json',
      );
      expect([to, code, JSON.parse(stdout)]).toMatchObject([
        to,
        0,
        {
          from: i === 0 ? 'csv' : formats[i - 1],
          to,
          runs: 300,
          reads: 9600,
          lost: from.includes('nvmain') ? ['data of 300 accesses'] : [],
        },
      ]);
      from = out;
    }
    const end = await readFile(from);
    expect((from.endsWith('.gz') ? gunzipSync(end) : end).toString()).toBe(await readFile(first, 'utf8'));
  });

  it('refuses a file that is not there, a folder that is not, and a clock that is not given', async () => {
    const from = await file('j.trace', '0x1000 READ 8\n');
    for (const [args, said] of [
      [[at('none'), at('j.csv'), '--to', 'csv'], /cannot read the trace: no such file/],
      [
        [from, join(from, 'j.csv'), '--to', 'csv', '--clock', '800'],
        /cannot write the trace: a file is in its place\n {2}at .*j\.trace\n/,
      ],
      [
        [from, at('j.csv'), '--to', 'csv'],
        /cycles of an unknown clock: give --clock MHZ\n {2}at .*j\.trace:1:13/,
      ],
      [
        [from, at('j.vec'), '--to', 'ramulator2-vector', '--clock', '800'],
        /coordinates of a memory\n.*--device NAME/,
      ],
    ] as const) {
      const refused = await sparkxd('convert', ...args);
      expect([refused.code, isRefusal(refused)]).toEqual([1, true]);
      expect(refused.stderr).toMatch(said);
    }
    expect((await readdir(folder)).filter((name) => name.includes('j.') && name !== 'j.trace')).toEqual([]);
  });

  it('is a usage error without a format to convert to, or with an unknown one', async () => {
    expect((await sparkxd('convert', 'a', 'b')).code).toBe(2);
    const unknown = await sparkxd('convert', 'a', 'b', '--to', 'dramsim');
    expect([unknown.code, unknown.stderr]).toMatchObject([
      2,
      expect.stringContaining('did you mean dramsim3?'),
    ]);
  });
});

describe('sparkxd replay', () => {
  it('gives the same result for a recorded trace and for its text form', async () => {
    const recorded = 'traces/n400-mnist-event.sxt';
    await sparkxd('convert', recorded, at('h.trace.gz'), '--to', 'ramulator', '--access-bytes', '32');
    const rows = async (...trace: string[]) =>
      JSON.parse((await sparkxd('replay', ...trace, '--json')).stdout).rows;
    expect(await rows(at('h.trace.gz'))).toEqual(await rows(recorded, '--no-accuracy'));
  });
});

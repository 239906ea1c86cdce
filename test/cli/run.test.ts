import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases, LONG } from '../effort.ts';
import { isRefusal, parseCsv, sparkxd } from './program.ts';

let folder: string;
let rows: Record<string, string>[];
const at = (...names: string[]): string => join(folder, ...names);
const number = (row: Record<string, string>, column: string): number => Number(row[column]);
const IMAGES = String(cases(250, 500));
const SMALL = [
  '--images',
  IMAGES,
  '--repair',
  'clamp',
  '--chips',
  '2',
  '--inferences',
  '2',
  '--supply',
  '1.35,1.25,1.1,1.025',
];
const run = (out: string, ...more: string[]) => sparkxd('run', ...SMALL, '--out', at(out), ...more);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-run-'));
  const done = await run('two', '--jobs', '2');
  expect(done).toMatchObject({ code: 0 });
  expect(done.stdout).toMatch(/energy.*\n.*per access/);
  rows = parseCsv(await readFile(at('two', 'results.csv'), 'utf8'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('sparkxd run', () => {
  it('has one row a supply, mapping and chip', () => {
    expect(rows.length).toBe(4 * 2 * 2);
    expect(rows.map((row) => [row['supply_V'], row['mapping'], row['chip']].join()).slice(0, 5)).toEqual([
      ...['1.35,baseline,1', '1.35,baseline,2', '1.35,sparkxd,1', '1.35,sparkxd,2', '1.25,baseline,1'],
    ]);
  });

  it('gives the same bytes for any number of threads, and again', async () => {
    const csv = await readFile(at('two', 'results.csv'));
    const manifest = await readFile(at('two', 'manifest.json'));
    for (const jobs of LONG ? ['1', '3'] : ['1']) {
      expect((await run('again', '--jobs', jobs)).code).toBe(0);
      expect(await readFile(at('again', 'results.csv'))).toEqual(csv);
      expect(await readFile(at('again', 'manifest.json'))).toEqual(manifest);
    }
  });

  it('flips no bit at nominal supply and keeps the clean accuracy there', () => {
    for (const row of rows.filter((row) => row['supply_V'] === '1.35')) {
      expect(row['flipped_bits']).toBe('0');
      expect(row['accuracy']).toBe(row['baseline_accuracy']);
      expect(row['meets_bound']).toBe('true');
    }
  });

  it('flips bits at 1.025 V, fewer where SparkXD maps, and loses less there', () => {
    const low = rows.filter((row) => row['supply_V'] === '1.025');
    for (const chip of ['1', '2']) {
      const [baseline, mapped] = ['baseline', 'sparkxd'].map(
        (mapping) => low.find((row) => row['chip'] === chip && row['mapping'] === mapping)!,
      );
      expect(number(baseline!, 'flipped_bits')).toBeGreaterThan(0);
      expect(number(mapped!, 'flipped_bits')).toBeLessThan(1e-3 * 1_254_400 * 8 * 1.1);
      expect(number(mapped!, 'flipped_bits')).toBeLessThan(number(baseline!, 'flipped_bits'));
      expect(number(mapped!, 'accuracy')).toBeGreaterThanOrEqual(number(baseline!, 'accuracy'));
    }
  });

  it('saves 39 to 44 % of the energy per access at 1.025 V', () => {
    for (const row of rows.filter((row) => row['supply_V'] === '1.025')) {
      expect(number(row, 'energy_saving_vs_nominal')).toBeGreaterThan(0.39);
      expect(number(row, 'energy_saving_vs_nominal')).toBeLessThan(0.44);
    }
  });

  it('writes terms that sum, in their order, to the total exactly, and accesses that sum over conditions', () => {
    const terms = ['act', 'pre', 'rd', 'wr', 'ref', 'background'].map((term) => `dram_energy_${term}_nJ`);
    for (const row of rows) {
      expect(terms.reduce((sum, term) => sum + number(row, term), 0)).toBe(
        number(row, 'dram_energy_total_nJ'),
      );
      const conditions = ['row_hits', 'row_misses', 'row_conflicts'];
      expect(conditions.reduce((sum, name) => sum + number(row, name), 0)).toBe(number(row, 'accesses'));
      expect(number(row, 'accesses')).toBe(2 * 39_200);
    }
  });

  it('takes the event workload, other timings and repairs, and an honest device', async () => {
    const done = await sparkxd(
      ...['run', '--images', '200', '--chips', '1', '--inferences', '2', '--supply', '1.2,1.1', '--json'],
      ...['--jobs', '1'],
      ...['--workload', 'event', '--timing', 'stretched', '--repair', 'zero', '--device', 'lpddr3-1600-4gb'],
      ...['--out', at('event')],
    );
    expect(done.code).toBe(0);
    const { rows } = JSON.parse(done.stdout) as { rows: Record<string, number | string>[] };
    expect(rows.map(({ workload, timing, repair }) => [workload, timing, repair].join())).toEqual(
      Array(4).fill('event,stretched,zero'),
    );
    // VDD1 stays at 1.8 V, so less than the square of the supply is saved.
    expect(rows[2]!['energy_saving_vs_nominal']).toBeLessThan(1 - (1.1 / 1.2) ** 2);
    expect(rows[2]!['energy_saving_vs_nominal']).toBeGreaterThan(0.1);
  });
});

describe('sparkxd evaluate on a chip', () => {
  it('flips the bits and finds the accuracy that run does', async () => {
    const low = rows.find(
      (row) => row['supply_V'] === '1.025' && row['mapping'] === 'baseline' && row['chip'] === '2',
    )!;
    const done = await sparkxd(
      ...['evaluate', '--weights', 'n400-mnist', '--images', IMAGES, '--repair', 'clamp', '--json'],
      ...['--supply', '1.025', '--mapping', 'baseline', '--chip', '2'],
    );
    const outcome = JSON.parse(done.stdout) as Record<string, number>;
    expect(outcome['flipped_bits']).toBe(number(low, 'flipped_bits'));
    expect(outcome['accuracy']).toBe(number(low, 'accuracy'));
  });

  it('takes a supply or a bit error rate, not both', async () => {
    const ran = await sparkxd('evaluate', '--weights', 'n400-mnist', '--supply', '1.1', '--ber', '1e-3');
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/cannot be used with/);
  });
});

describe('weights in other clothes', () => {
  const small = [
    ...['--images', '300', '--chips', '1', '--inferences', '1', '--supply', '1.025', '--json'],
    ...['--jobs', '1'],
  ];
  const rowsOf = async (...more: string[]): Promise<Record<string, number>[]> => {
    const job = more.join(' ');
    const known = found.get(job) ?? (await ranAs(...more));
    found.set(job, known);
    return known;
  };
  /** What was run already, by its options. */
  const found = new Map<string, Record<string, number>[]>();
  const ranAs = async (...more: string[]): Promise<Record<string, number>[]> => {
    const done = await sparkxd('run', ...small, '--mapping', 'baseline', ...more, '--out', at('clothes'));
    expect(done.code).toBe(0);
    return (JSON.parse(done.stdout) as { rows: Record<string, number>[] }).rows;
  };

  it('INT8 takes a quarter of the bytes, and check bits an eighth more', async () => {
    const [plain] = await rowsOf('--repair', 'clamp');
    const [small8] = await rowsOf('--format', 'int8', '--repair', 'median');
    const [checked] = await rowsOf('--ecc', 'secded', '--repair', 'clamp');
    expect(small8!['accesses']).toBe(784 * Math.ceil(400 / 32));
    expect(checked!['accesses']).toBe(784 * Math.ceil((1600 * 9) / 8 / 32));
    expect(small8!['inference_energy_saving_vs_nominal']).toBeGreaterThan(0.84);
    expect(checked!['accuracy']).toBeGreaterThanOrEqual(plain!['accuracy']!);
  });

  it('data-dependent read energy changes the read term alone, by the same factor everywhere', async () => {
    const [plain] = await rowsOf('--repair', 'clamp');
    const [weighed] = await rowsOf('--data-energy', 'b');
    const factor = weighed!['dram_energy_rd_nJ']! / plain!['dram_energy_rd_nJ']!;
    expect(factor).toBeGreaterThan(0.5);
    expect(factor).not.toBe(1);
    expect(weighed!['energy_per_access_hit_pJ']! / plain!['energy_per_access_hit_pJ']!).toBeCloseTo(
      factor,
      12,
    );
    expect(weighed!['dram_energy_background_nJ']).toBe(plain!['dram_energy_background_nJ']);
    // Savings compare like with like: the accurate DRAM reads the same bits.
    expect(weighed!['energy_saving_vs_nominal']).toBeCloseTo(plain!['energy_saving_vs_nominal']!, 2);
  });

  it("a user's map of weak cells flips exactly the cells it lists", async () => {
    // Bits 0 to 7 of bank 0, row 0 hold the first byte of the first weight.
    const cells = ['0,0,3,1.2,1', '0,0,6,1.2,1', '7,16383,5,1.2,1'];
    await writeFile(
      at('cells.csv'),
      `bank,row,bit,failure_voltage_V,flip_probability\n${cells.join('\n')}\n`,
    );
    const [row] = await rowsOf('--weak-cells', at('cells.csv'));
    expect(row).toMatchObject({ chip: 'measured', flipped_bits: 2 });
  });

  it('refuses parity over weights smaller than a byte', async () => {
    const ran = await sparkxd('run', ...small, '--format', 'int4', '--ecc', 'parity', '--out', at('refused'));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/parity protects weights of whole bytes, int4 has 4 bits/);
  });
});

describe('sparkxd run refuses with exit code 1 and writes nothing', () => {
  it.each([
    [['--device', 'lpddr3-1600-4gb-sparkx'], /unknown device .*\n.*did you mean lpddr3-1600-4gb-sparkxd/],
    [['--profile', 'nobody'], /unknown voltage profile "nobody"\n.*sparkxd/],
    [['--accelerator', 'edges'], /unknown accelerator "edges"\n.*did you mean edge/],
    [['--network', 'n401'], /no weights "n401-mnist"/],
    [['--dataset', '/nowhere', '--weights', 'n400-mnist'], /no dataset "\/nowhere"/],
    [['--dataset', './mine'], /no network is shipped for the dataset \.\/mine\n.*--weights/],
    [['--supply', '0.9'], /supply 0\.9 V is outside the range/],
    [['--supply', '1.35,1.01'], /1\.01 V is outside the range of voltage profile sparkxd/],
    [['--images', '10001'], /10001 images are requested, .*\n.*give --images at most 10000/],
    [['--ber-limit', '1e-12', '--supply', '1.025', '--images', '10'], /rows, but only \d+ lie in subarrays/],
  ])('%j', async (args, message) => {
    const ran = await sparkxd('run', ...args, '--out', at('refused'));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(message);
    expect(isRefusal(ran)).toBe(true);
    expect(await readdir(at('refused')).catch(() => [])).toEqual([]);
  });

  it('an output folder that cannot be written, before any work', async () => {
    await writeFile(at('file'), '');
    const ran = await sparkxd('run', '--out', at('file', 'inside'));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/cannot write results there: a part of the path is not a folder/);
    expect(isRefusal(ran)).toBe(true);
  });

  it('a truncated weights file, by name', async () => {
    const weights = await readFile(new URL('../../networks/n400-mnist.safetensors', import.meta.url));
    await writeFile(at('cut.safetensors'), weights.subarray(0, 1000));
    const ran = await sparkxd('run', '--weights', at('cut.safetensors'), '--out', at('refused'));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('cut.safetensors');
    expect(isRefusal(ran)).toBe(true);
  });

  it('a device file of the user with a slip, by line and column', async () => {
    const yaml = await readFile(
      new URL('../../hw-models/dram/lpddr3-1600-4gb.yaml', import.meta.url),
      'utf8',
    );
    await writeFile(at('mine.yaml'), yaml.replace('tRCD: 18.75 ns', 'tRCD: 18.75'));
    const ran = await sparkxd('run', '--device', at('mine.yaml'), '--out', at('refused'));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/mine\.yaml:\d+:\d+/);
    expect(isRefusal(ran)).toBe(true);
  });
});

describe('usage errors exit with 2', () => {
  it.each([
    [['run', '--supply', 'low'], /expected volts such as/],
    [['run', '--mapping', 'sparkx'], /did you mean sparkxd/],
    [['run', '--chips', '0'], /whole number from 1 to 10000/],
    [['run', '--bound', '2'], /share such as 1%/],
    [['run', '--bogus'], /unknown option '--bogus'/],
    [['runn'], /unknown command 'runn'/],
    [['replay'], /missing required argument/],
    [['record', '--weights', 'n400-mnist'], /required option '--out/],
  ])('%j', async (args, message) => {
    const ran = await sparkxd(...args);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(message);
  });
});

describe('record and replay', () => {
  it('replay what was recorded at other voltages, with the columns of run', async () => {
    const recorded = await sparkxd(
      'record',
      '--weights',
      'n400-mnist',
      '--images',
      '2',
      '--out',
      at('t.sxt'),
      '--json',
    );
    expect(JSON.parse(recorded.stdout)).toMatchObject({ inferences: 2, accesses: 2 * 39_200 });
    const replayed = await sparkxd('replay', at('t.sxt'), '--supply', '1.35,1.025', '--csv', at('t.csv'));
    expect(replayed.code).toBe(0);
    const [nominal, low] = parseCsv(await readFile(at('t.csv'), 'utf8'));
    expect([nominal!['accuracy'], nominal!['images']]).toEqual(['1', '2']);
    // The trace carries the same bursts as the live run: the same commands, cycles and energy.
    const live = rows.find((row) => row['supply_V'] === '1.35' && row['mapping'] === 'baseline')!;
    for (const column of [
      'accesses',
      'row_hits',
      'row_misses',
      'row_conflicts',
      'cycles',
      'dram_energy_total_nJ',
    ])
      expect(nominal![column]).toBe(live[column]);
    expect(Number(low!['energy_saving_vs_nominal'])).toBeCloseTo(0.42, 1);
  });

  it('write every command in the form of other tools, and count the same energy from it', async () => {
    const trace = LONG ? 'traces/n400-mnist-stream.sxt' : at('few.trace');
    const reads = Array.from({ length: 2000 }, (_, i) => `0x${(i * 1056).toString(16)} R\n`);
    await writeFile(at('few.trace'), reads.join(''));
    const out = ['--commands', at('c.txt'), '--commands-format'];
    // `power` counts with the datasheet's timing, so that is what the commands are made with.
    const replayed = await sparkxd(
      ...['replay', trace, '--supply', '1.025', '--timing', 'nominal', ...out, 'sparkxd', '--json'],
    );
    const { rows } = JSON.parse(replayed.stdout) as { rows: Record<string, number>[] };
    const device = [
      '--device',
      'lpddr3-1600-4gb-sparkxd',
      '--supply',
      '1.025',
      '--end-cycle',
      String(rows[0]!['cycles']),
    ];
    const counted = JSON.parse((await sparkxd('power', at('c.txt'), ...device, '--json')).stdout) as Record<
      string,
      number
    >;
    expect(counted['dram_energy_total_nJ']).toBe(rows[0]!['dram_energy_total_nJ']);
    const checked = await sparkxd('check', at('c.txt'), ...device.slice(0, 4));
    expect(checked.code).toBe(0);
    const several = await sparkxd('replay', trace, '--supply', '1.35,1.025', ...out, 'drampower');
    expect(several.code).toBe(1);
    expect(several.stderr).toMatch(/2 supplies cannot share one file of commands/);
  });

  it('refuse broken traces and leave nothing half-written', async () => {
    await writeFile(at('foreign.trace'), '0x1000 R\n0x2000 W and a little more\n');
    for (const [name, message] of [
      [at('foreign.trace'), /foreign\.trace:2:10/],
      [at('missing.sxt'), /no such file/],
    ] as const) {
      const ran = await sparkxd('replay', name, '--csv', at('broken.csv'));
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(message);
      expect(isRefusal(ran)).toBe(true);
    }
    await expect(access(at('broken.csv'))).rejects.toThrow();
    const ran = await sparkxd(
      'record',
      '--weights',
      'n400-mnist',
      '--out',
      at('foreign.trace', 'inside.sxt'),
    );
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/cannot write the trace: a file is in its place\n {2}at .*foreign\.trace\n/);
    expect(isRefusal(ran)).toBe(true);
    expect((await readdir(folder)).filter((name) => name.includes('part'))).toEqual([]);
  });
});

describe('sparkxd map', () => {
  it('explains an address and its inverse', async () => {
    const { stdout } = await sparkxd('map', 'explain', 'row=1,bank=2,column=16', '--json');
    const explained = JSON.parse(stdout) as { address: number };
    expect(explained).toMatchObject({ row: 1, bank: 2, column: 16, subarray: 0 });
    const back = await sparkxd('map', 'explain', String(explained.address), '--json');
    expect(JSON.parse(back.stdout)).toEqual(explained);
  });

  it('takes another address mapping, by name or from a file', async () => {
    // Row 1 follows row 0 of the same bank in this order, so its bytes begin at 4096.
    const ordered = await sparkxd('map', 'explain', '4096', '--address-mapping', 'bank-row-column', '--json');
    expect(JSON.parse(ordered.stdout)).toMatchObject({ bank: 0, row: 1, column: 0 });
    const unknown = await sparkxd('replay', 'traces/n400-mnist-stream.sxt', '--address-mapping', 'row-bonk');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(/unknown address order "row-bonk"\n.*row-bank-column/);
    const missing = await sparkxd('map', 'explain', '0', '--address-mapping', at('nowhere.yaml'));
    expect(missing.code).toBe(1);
    expect(isRefusal(missing)).toBe(true);
  });
});

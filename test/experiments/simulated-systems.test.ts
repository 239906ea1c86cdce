import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { runSimulate } from '../../src/experiments/simulate.ts';
import type { SourceRow } from '../../src/results/tables.ts';
import type { SimulateInput } from '../../src/settings/jobs/simulate.ts';
import { cases, FULL } from '../effort.ts';
import { readTimeline } from '../engine/trace-events.ts';

/** Where the number does not matter. */
const IMAGES = cases(2, 4);
const simulate = (more: Partial<SimulateInput>, remarks: string[] = []) =>
  runSimulate(
    { weights: 'n400-mnist', dataset: 'mnist', images: IMAGES, ...more },
    () => {},
    (line) => remarks.push(line),
  );

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-systems-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A copy of a shipped accelerator with a line changed. */
async function changed(name: string, from: string, to: string): Promise<string> {
  const text = await readFile(new URL(`../../hw-models/accelerators/${name}.yaml`, import.meta.url), 'utf8');
  expect(text).toContain(from);
  const file = at(`${name}-${Math.abs(to.length * 31 + from.length)}.yaml`);
  await writeFile(file, text.replace(from, to));
  return file;
}

const sum = (rows: readonly SourceRow[], column: keyof SourceRow): number =>
  rows.reduce((total, row) => total + ((row[column] as number | undefined) ?? 0), 0);

describe('systems of cores', () => {
  it('compute what one core computes, sooner', async () => {
    const one = await simulate({ supply: 1.025, timing: 'paper' });
    for (const accelerator of ['quad-edge', 'quad-edge-shared']) {
      const four = await simulate({ accelerator, supply: 1.025, timing: 'paper' });
      expect(four.row.accuracy).toBe(one.row.accuracy);
      expect(four.row.flipped_bits).toBe(one.row.flipped_bits);
      expect(four.row.latency_mean_us).toBeLessThan(one.row.latency_mean_us / 2);
      expect(four.row.cores).toBe(4);
    }
  });

  it('on one LPDDR3 channel stay within its peak, and their parts sum to the whole', async () => {
    const traffic = ['random:500MBps', 'sequential:300MBps:read=1'];
    const { row, sources } = await simulate({ accelerator: 'quad-edge', traffic, load: true });
    expect(sources.map(({ source }) => source)).toEqual([
      ...['core 0', 'core 1', 'core 2', 'core 3', ...traffic, 'weights written', 'shared'],
    ]);
    // 32 bits at 1600 MT/s.
    expect(sum(sources, 'bandwidth_GBps')).toBeLessThan(6.4);
    expect(sum(sources, 'bus_share')).toBeCloseTo(row.bus_utilisation, 12);
    expect(sum(sources, 'bytes')).toBe(row.bytes);
    expect(sum(sources, 'reads') + sum(sources, 'writes')).toBe(row.accesses);
    expect(sum(sources, 'dram_energy_total_nJ')).toBeCloseTo(row.dram_energy_total_nJ!, 6);
    for (const { source, row_hits, row_misses, row_conflicts, reads, writes } of sources)
      if (source !== 'shared') expect(row_hits! + row_misses! + row_conflicts!).toBe(reads! + writes!);
    // Both have their rate, to a request.
    const [random, sequential] = sources.slice(4);
    expect(random!.bandwidth_GBps!).toBeCloseTo(0.5, 2);
    expect(sequential!.bandwidth_GBps!).toBeCloseTo(0.3, 2);
    expect(sequential!.writes).toBe(0);
    // It costs the cores time and row hits.
    expect(row.latency_mean_us).toBeGreaterThan(row.latency_alone_mean_us!);
    expect(row.row_hits_lost_to_traffic_per_inference).toBeGreaterThan(0);
    // All weights are written once, each burst of their rows.
    const written = sources.at(-2)!;
    expect(written.requests).toBe(784);
    expect(written.writes).toBe(784 * 50);
    expect(row.load_us!).toBeGreaterThan((784 * 1600) / 6.4e3);
    const shares = [row.pe_utilisation, row.wait_dram, row.wait_lookup, row.wait_spikes!, row.wait_cores!];
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });

  it('give the same bytes each time, and alone what the same system without traffic gives', async () => {
    const job = { accelerator: 'quad-edge-shared', traffic: ['bursty:1GBps'], hash: true } as const;
    const [a, b, alone] = [
      await simulate(job),
      await simulate(job),
      await simulate({ accelerator: 'quad-edge-shared' }),
    ];
    expect(a).toEqual(b);
    expect(a.row.latency_alone_mean_us).toBe(alone.row.latency_mean_us);
  });

  it('cut a row over cores as their private buffers cost: a burst on a border is read twice', async () => {
    const { sources } = await simulate({ accelerator: 'quad-edge', workload: 'stream', images: 1 });
    // 100 of 400 weights in FP32 are 12.5 bursts of 32 bytes.
    expect(sources.slice(0, 4).map(({ reads }) => reads! / 784)).toEqual([13, 13, 13, 13]);
    const shared = await simulate({ accelerator: 'quad-edge-shared', workload: 'stream', images: 1 });
    expect(sum(shared.sources, 'reads')).toBe(784 * 50);
  });

  it('fetch a row once for all inferences of a batch', async () => {
    const job = { accelerator: 'quad-edge', workload: 'stream', images: 4 } as const;
    const one = await simulate(job);
    const together = await simulate({ ...job, batch: 4 });
    expect(one.row.fetches_per_inference).toBe(784);
    expect(together.row.fetches_per_inference).toBe(196);
    expect(together.row.accuracy).toBe(one.row.accuracy);
    expect(together.row.accelerator_energy_addition_per_inference_nJ).toBeCloseTo(
      one.row.accelerator_energy_addition_per_inference_nJ,
      9,
    );
    expect(together.row.energy_per_inference_nJ!).toBeLessThan(one.row.energy_per_inference_nJ!);
  });

  it('share the memory by the weights of their file under a weighted arbiter', async () => {
    const under = async (weights: string) => {
      const accelerator = await changed('quad-edge', 'memory_arbiter: oldest', weights);
      return (await simulate({ accelerator, traffic: ['random:6GBps'], images: 1 })).row.latency_mean_us;
    };
    const equal = await under('memory_arbiter: weighted');
    expect(
      await under('memory_arbiter: weighted\n  memory_weights: { cores: 1, traffic: 1, loading: 1 }'),
    ).toBe(equal);
    const favoured = await under('memory_arbiter: weighted\n  memory_weights: { cores: 50 }');
    const last = await under('memory_arbiter: weighted\n  memory_weights: { traffic: 50 }');
    expect(favoured).toBeLessThan(equal);
    expect(equal).toBeLessThan(last);
  });

  it('write the weights anew with --load --rewrite-every, which costs time and energy, and without --load in no time', async () => {
    const job = { draw: 'persistent', flipProbability: 0.5, supply: 1.05 } as const;
    const never = await simulate(job);
    const free = await simulate({ ...job, rewriteEvery: 1 });
    const often = await simulate({ ...job, rewriteEvery: 1, load: true });
    expect(never.sources.map(({ source }) => source)).toEqual(['core 0', 'shared']);
    expect(free.sources.map(({ source }) => source)).toEqual(['core 0', 'shared']);
    expect(free.row.cycles).toBe(never.row.cycles);
    expect(often.sources[1]!.requests).toBe(IMAGES * 784);
    expect(often.row.rewriting_us!).toBeGreaterThan(0);
    expect(never.row.dram_energy_wr_per_inference_nJ).toBe(0);
    expect(often.row.dram_energy_wr_per_inference_nJ!).toBeGreaterThan(0);
  });

  it('take a trace of others at its own times, moved by its offset', async () => {
    const trace = at('others.trace');
    await writeFile(
      trace,
      Array.from({ length: 100 }, (_, i) => `0x${(i * 4096).toString(16)} R\n`).join(''),
    );
    const remarks: string[] = [];
    const { sources } = await simulate({ traffic: [`trace:${trace}:offset=0x400000`] }, remarks);
    expect(sources[1]).toMatchObject({ requests: 100, reads: 200, writes: 0 });
    expect(remarks.join()).toMatch(/traffic 0: .*others.trace is read as ramulator, 64 bytes an access/);
  });
});

describe('the timeline of a system', () => {
  it('shows what each core does, without gaps, and the memory', async () => {
    const timeline = at('system.json');
    const { row } = await simulate({ accelerator: 'quad-edge', images: 2, timeline });
    const { spans: tracks } = readTimeline(await readFile(timeline, 'utf8'));
    for (let core = 0; core < 4; core++) {
      const spans = tracks.get(`cores / core ${core}`)!;
      const time = spans.reduce((sum, { from, to }) => sum + to - from, 0) / 1e6;
      // A core that is done waits for the others without a span.
      expect(time).toBeLessThanOrEqual(2 * row.latency_mean_us + 1e-6);
      expect(time).toBeGreaterThan(2 * row.latency_mean_us * (1 - 4 * row.wait_cores! - 1e-9));
      const names = new Set(spans.map(({ name }) => name.replace(/ \d+$/, '')));
      expect(names).toContain('add row');
      expect(names).toContain('wait for DRAM: row');
    }
    expect([...tracks.keys()].filter((name) => name.startsWith('DRAM channel 0'))).not.toEqual([]);
  });
});

describe('systems that cannot be', () => {
  it.runIf(FULL)('are stopped where writes of others starve a core, and say so', async () => {
    await expect(simulate({ images: 1, traffic: ['random:3GBps:read=0'] })).rejects.toThrow(
      /a request has waited for \d+ DRAM cycles: .*\n.*--write-drain/,
    );
  });

  const refusal = async (more: Partial<SimulateInput>): Promise<string> => {
    const error = await simulate(more).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  };

  it('are refused with the place in the file and the bound', async () => {
    const file = async (from: string, to: string): Promise<string> =>
      refusal({ accelerator: await changed('quad-edge', from, to) });
    expect(
      await file('value: 64 * 1024 * 8 bit, note: "64 KiB a core', 'value: 3192 bit, note: "64 KiB a core'),
    ).toMatch(/holds 0 rows of 400 bytes\n {2}at .*:22:\d+\n {2}at least 400 bytes/);
    expect(await file('clock: 400 MHz', 'clock: 399.989999 MHz')).toMatch(/whole kilohertz/);
    expect(await file('arbiter: round-robin', 'arbiter: fair')).toMatch(
      /expected one of round-robin, fixed-priority, oldest, weighted\n {2}at .*:\d+:\d+/,
    );
    expect(
      await file('memory_arbiter: oldest', 'memory_arbiter: oldest\n  memory_weights: { cores: 2 }'),
    ).toMatch(/the arbiter oldest has none\n {2}at .*:51:\d+\n {2}write memory_arbiter: weighted/);
    expect(
      await file('memory_arbiter: oldest', 'memory_arbiter: weighted\n  memory_weights: { cores: 0 }'),
    ).toMatch(/memory_weights.cores is 0.*from 1 to 1000\n {2}at .*:51:/);
    expect(await file('cores: 4', 'cores: 65')).toMatch(/from 1 to 64\n {2}at .*:\d+:\d+/);
    expect(await file('neuron_state: { value: 64 * 1024', 'neuron_state: { value: 4 * 400 /')).toMatch(
      /units?|room/,
    );
  });

  it('are refused where clocks have no common tick', async () => {
    const accelerator = await changed('quad-edge', 'clock: 400 MHz', 'clock: 8999.993 MHz');
    const own = await changed('quad-edge-shared', 'clock: 200 MHz', 'clock: 199.999 MHz');
    const text = await readFile(accelerator, 'utf8');
    await writeFile(own, text.replace('clock: 200 MHz', 'clock: 199.999 MHz'));
    expect(await refusal({ accelerator: own })).toMatch(
      /common tick.*2\^53\n {2}at .*:\d+:\d+\n {2}choose clocks whose least common multiple is at most/,
    );
  });

  it('are refused where their parts do not go together', async () => {
    expect(await refusal({ cores: 4 })).toMatch(/edge does not say how 4 cores are joined/);
    expect(await refusal({ accelerator: 'quad-edge', ecc: 'secded' })).toMatch(
      /spread the weights of a neuron/,
    );
    expect(await refusal({ accelerator: 'quad-edge', batch: 100 })).toMatch(
      /room for 39 inferences together/,
    );
    expect(await refusal({ accelerator: 'quad-edge', record: at('x.sxt') })).toMatch(/one core/);
    expect(await refusal({ traffic: ['random:1GBps'], record: at('x.sxt') })).toMatch(/to itself/);
    expect(await refusal({ accelerator: 'quad-edge', flipProbability: 0.5, supply: 1.05 })).toMatch(
      /one core alone/,
    );
    expect(await refusal({ traffic: ['random:1GBps:range=0x20000000+1MiB'] })).toMatch(/beyond the memory/);
    expect(await refusal({ traffic: ['sequential:1GBps:range=0+1MiB'] })).toMatch(/where weights lie/);
    const trace = at('writes.trace');
    await writeFile(trace, '0x400000 R\n0x40 W\n');
    expect(await refusal({ traffic: [`trace:${trace}`] })).toMatch(/writes to 0x40, where weights lie\n.*:2/);
  });
});

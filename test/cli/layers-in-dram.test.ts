import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal, sparkxd } from './program.ts';

const golden = (file: string): string =>
  fileURLToPath(new URL(`../goldens/networks/${file}`, import.meta.url));
/** What mlp.nir does not say: mlp.json does. */
const MLP = ['--weights', golden('mlp.nir'), '--time-step', '1ms', '--reset', 'subtract'];
const RUN = [...MLP, '--steps', '20', '--input', 'current', '--images', '5'];

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-layers-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a golden network of layers', () => {
  it('is recorded and replayed, on the command line alone', async () => {
    const recorded = await sparkxd('record', ...RUN, '--workload', 'event', '--out', at('mlp.sxt'));
    expect(recorded.code).toBe(0);
    expect(recorded.stdout).toMatch(/accesses, .* bytes read in 5 inferences/);
    const replayed = await sparkxd('replay', at('mlp.sxt'), '--supply', '1.35,1.025', '--json');
    const { rows } = JSON.parse(replayed.stdout);
    expect(rows).toMatchObject([
      { network: 'mlp.nir', vote: 'counts', workload: 'event', images: 5, flipped_bits: 0 },
      { supply_V: 1.025, images: 5 },
    ]);
    expect(rows[1].flipped_bits).toBeGreaterThan(0);
    const drawn = await sparkxd('replay', at('mlp.sxt'), '--supply', '1.025', '--flip-probability', '0.5');
    expect(isRefusal(drawn)).toBe(true);
    expect(drawn.stderr).toMatch(/hidden spikes[\s\S]*record the workload stream/);
  });

  it('is simulated in sequence and as a pipeline, which say what they are', async () => {
    const sequence = await sparkxd('simulate', ...RUN, '--json');
    expect(JSON.parse(sequence.stdout).row).toMatchObject({
      cores: 1,
      layer_schedule: 'sequence',
      accuracy: 1,
    });
    const pipeline = await sparkxd(
      ...['simulate', ...RUN, '--accelerator', 'quad-edge', '--layer-schedule', 'pipeline'],
    );
    expect(pipeline.stdout).toMatch(/system {7}2 cores, layers on a core each/);
    const one = await sparkxd('simulate', '--weights', 'n400-mnist', '--layer-schedule', 'pipeline');
    expect(isRefusal(one)).toBe(true);
    expect(one.stderr).toMatch(/leave out --layer-schedule/);
  });

  it('is asked for all that its file does not say at once', async () => {
    const ran = await sparkxd('record', '--weights', golden('mlp.nir'), '--out', at('none.sxt'));
    expect(isRefusal(ran)).toBe(true);
    for (const flag of ['--time-step', '--reset', '--steps', '--input']) expect(ran.stderr).toContain(flag);
  });

  it('has a raster', async () => {
    const ran = await sparkxd(
      ...['picture', 'raster', ...MLP, '--steps', '20', '--input', 'bernoulli', '--out', at('raster.svg')],
    );
    expect(ran.code).toBe(0);
    expect(await readFile(at('raster.svg'), 'utf8')).toMatch(
      /spikes of 784[\s\S]*spikes of 128[\s\S]*spikes of 10</,
    );
  });
});

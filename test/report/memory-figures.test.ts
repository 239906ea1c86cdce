import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { memoryFigures } from '../../src/report/memory-figures.ts';
import { createManifest, type Manifest } from '../../src/results/manifest.ts';

const configuration = {
  ...{ weights: 'n400-mnist', dataset: 'mnist', device: 'lpddr3-1600-4gb-sparkxd', profile: 'sparkxd' },
  ...{ accelerator: 'edge', supplies: [1.35, 1.025], mappings: ['baseline', 'sparkxd'], chips: 2 },
  ...{ inferences: 1, workload: 'stream', timing: 'paper', repair: 'clamp', format: 'int8', ecc: 'none' },
  ...{ errorModel: 0, berLimit: 1e-3, bound: 0.01, law: 'quadratic', seed: 1 },
};
let manifest: Manifest;

beforeAll(async () => {
  manifest = await createManifest('run', configuration, {
    weights: await readFile('networks/n400-mnist.safetensors'),
    device: await readFile('hw-models/dram/lpddr3-1600-4gb-sparkxd.yaml', 'utf8'),
    voltage_profile: await readFile('hw-models/voltage/sparkxd.yaml', 'utf8'),
  });
});

describe('what a report makes again from the manifest', () => {
  it('is a plan a mapping, the fields clean and a mapping, and the commands at both ends of the supplies', async () => {
    const figures = await memoryFigures(JSON.stringify(manifest));
    expect(figures.map(({ id }) => id)).toEqual(['floor-plan', 'receptive-fields', 'command-timeline']);
    const [plan, fields, timeline] = figures.map(({ pictures }) => pictures);
    expect(plan).toHaveLength(2);
    expect(fields).toHaveLength(3);
    expect(timeline).toHaveLength(2);
    expect(plan!.map((svg) => /the (\d+) outlined of 256/.exec(svg)?.[1])).toEqual(['1', expect.any(String)]);
    // Stretched timing: the first read comes later at the lower supply, tRCD being longer.
    const firstRead = timeline!.map((svg) => Number(/<path d="M([\d.]+) \d+v8/.exec(svg)![1]));
    expect(firstRead[1]).toBeGreaterThan(firstRead[0]!);
    for (const svg of timeline!) expect(svg).toContain('900 commands');
    expect(await memoryFigures(JSON.stringify(manifest))).toEqual(figures);
  });

  it.each([
    ['another version', { version: '0.0.0' }, /of sparkxd 0\.0\.0/],
    ['weights that changed', { inputs: { weights: 'x' } }, /n400-mnist is not what the run read/],
    ['weights that are gone', { configuration: { weights: 'gone' } }, /no weights "gone"/],
    ['settings that are missing', { configuration: { supplies: [] } }, /does not state all settings/],
  ])('says why it is absent: %s', async (_, change: Partial<Manifest>, reason) => {
    const changed = {
      ...manifest,
      ...change,
      configuration: { ...manifest.configuration, ...change.configuration },
      inputs: { ...manifest.inputs, ...change.inputs },
    };
    for (const { absent, pictures } of await memoryFigures(JSON.stringify(changed))) {
      expect(absent).toMatch(reason);
      expect(absent).not.toContain('\n');
      expect(pictures).toEqual([]);
    }
  });
});

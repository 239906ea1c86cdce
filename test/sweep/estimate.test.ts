import { describe, expect, it } from 'vitest';
import { classifyingSeconds } from '../../src/sweep/cost.ts';
import { estimateSweep } from '../../src/sweep/estimate.ts';
import { parsePlan } from '../../src/sweep/plan.ts';

const sizes = {
  networks: new Map([['n400-mnist', { neurons: 400, weights: 784 * 400 }]]),
  traces: new Map([['a.sxt', 1000]]),
};
const estimate = (text: string) =>
  estimateSweep(parsePlan(text, 'plan.yaml').points, sizes, async () => 10_000);

describe('the estimate of a sweep', () => {
  it('classifies once what no error reaches, and each chip and mapping where errors are certain', async () => {
    // At 1.35 and 1.325 V not one of ten million bits is expected to fail; at 1.025 V twenty thousand are.
    const { classifications, cpuSeconds, replays } = await estimate(
      'axes: { supply: [1.35, 1.325, 1.025], mapping: [baseline, sparkxd], chip: [1, 2, 3] }',
    );
    expect(classifications).toBe(1 + 2 * 3);
    expect(cpuSeconds).toBeCloseTo(7 * classifyingSeconds(400, 10_000), 3);
    expect(replays).toBe(0);
  });

  it('does not classify again for traffic, and knows no measured map', async () => {
    const traffic = 'page-policy: [open, closed], inferences: [1, 2], workload: [stream, event]';
    expect((await estimate(`axes: { supply: 1.025, ${traffic} }`)).classifications).toBe(2);
    expect((await estimate('axes: { supply: [1.35, 1.1], weak-cells: map.csv }')).classifications).toBe(3);
  });

  it('counts a point nothing that is out of the known range', async () => {
    const { classifications } = await estimate('axes: { supply: [1.35, 0.5], timing: [paper, stretched] }');
    expect(classifications).toBe(1);
  });

  it('takes the images that a point names', async () => {
    const { cpuSeconds } = await estimate('axes: { supply: 1.35, images: 100 }');
    expect(cpuSeconds).toBeCloseTo(classifyingSeconds(400, 100), 6);
  });

  it('counts replays apart', async () => {
    expect(await estimate('axes: { trace: a.sxt, supply: [1.35, 1.1] }')).toEqual({
      ...{ cpuSeconds: 0, classifications: 0, replays: 2 },
    });
  });
});

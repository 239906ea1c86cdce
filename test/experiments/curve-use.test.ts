import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCheck } from '../../src/experiments/check.ts';
import { runEvaluate } from '../../src/experiments/evaluate.ts';
import { runMap } from '../../src/experiments/map.ts';
import { runOptimise } from '../../src/experiments/optimise.ts';
import { runReplay } from '../../src/experiments/replay.ts';
import { run } from '../../src/experiments/run.ts';
import { runSimulate } from '../../src/experiments/simulate.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { loadVoltageProfile } from '../../src/hardware/load-voltage-profile.ts';
import { modelFiles } from '../../src/inputs/model-files.ts';
import { openFaultyMemory } from '../../src/inputs/open-faulty-memory.ts';
import { readNetwork } from '../../src/inputs/read-network.ts';
import { faultAwareSchema } from '../../src/settings/fault-aware.ts';
import { errorSupply } from '../../src/sparkxd/error-supply.ts';
import { tinySearch, writeTinyInference } from './tiny-inference.ts';

const CURVE = { latencyCurve: 'voltron-table', timing: 'nominal' } as const;
const TRACE = 'traces/n400-mnist-stream.sxt';
const USELESS =
  'nominal timing keeps the latencies, and errors of sparkxd do not depend on latency: the circuit curve voltron-table changes nothing\n  choose --timing stretched or paper, or leave out the circuit curve';
const USELESS_ALONE = 'nominal timing keeps the latencies: the circuit curve voltron-table changes nothing';

describe('a circuit curve under nominal timing', () => {
  let folder: string;
  let tiny: { weights: string; dataset: string };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sparkxd-curve-'));
    tiny = await writeTinyInference(folder);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('is refused by every command, where nothing reads it', async () => {
    const at = { ...tiny, ...CURVE };
    await expect(run({ ...at, supplies: [1.1], chips: 1 })).rejects.toThrow(USELESS);
    await expect(runSimulate({ ...at, supply: 1.1, images: 1 })).rejects.toThrow(USELESS);
    await expect(runEvaluate({ ...at, supply: 1.1 })).rejects.toThrow(USELESS);
    await expect(runMap({ ...at, supply: 1.1 })).rejects.toThrow(USELESS);
    await expect(runReplay({ ...CURVE, trace: TRACE, noAccuracy: true, profile: 'sparkxd' })).rejects.toThrow(
      USELESS,
    );
    await expect(runReplay({ ...CURVE, trace: TRACE, noAccuracy: true })).rejects.toThrow(USELESS_ALONE);
    await expect(runCheck({ ...CURVE, commands: ['none.trc'] })).rejects.toThrow(USELESS_ALONE);
    const { network } = await readNetwork(tiny.weights);
    const errors = { kind: 'chip', supply: 1.1, ...CURVE } as const;
    await expect(openFaultyMemory(faultAwareSchema.parse({ errors }), network)).rejects.toThrow(USELESS);
  });

  it('is refused by a search where no timing of its choices reads it', async () => {
    const { latencyCurve } = CURVE;
    const search = { ...tinySearch(tiny), latencyCurve, supplies: [1.1], mappings: ['baseline'] } as const;
    await expect(runOptimise({ ...search, timings: ['nominal'] })).rejects.toThrow(USELESS);
    const { front } = await runOptimise({ ...search, timings: ['nominal', 'stretched'] });
    expect(front.length).toBeGreaterThan(0);
  });

  it('is read where errors were measured at a latency', async () => {
    const at = { ...tiny, ...CURVE, supply: 1.1, mapping: 'baseline' } as const;
    const { ber_chip } = await runEvaluate({ ...at, profile: 'voltron-c' });
    // So slow a device grants its cells more than the errors need.
    expect(ber_chip).toBe(0);
    const profile = await loadVoltageProfile('voltron-c', modelFiles);
    const [table, spice] = await Promise.all(
      ['voltron-table', 'voltron-spice'].map(async (curve) => {
        const device = await loadDevice('lpddr3-1600-4gb-sparkxd', modelFiles, curve);
        return errorSupply(device, { ...profile, testLatency: 18 }, 1.1, 'nominal');
      }),
    );
    expect(table).not.toBe(spice);
  });
});

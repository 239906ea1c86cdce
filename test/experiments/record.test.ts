import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workload } from '../../src/accelerator/workload.ts';
import { runRecord } from '../../src/experiments/record.ts';
import { packageFolder } from '../../src/files/package.ts';
import { openTrace } from '../../src/inputs/trace-files.ts';
import { FULL } from '../effort.ts';

const traces = join(packageFolder, 'traces');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-traces-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the shipped traces', () => {
  it('are three', async () => {
    expect((await readdir(traces)).sort()).toEqual([
      'n3600-mnist-stream.sxt',
      'n400-mnist-event.sxt',
      'n400-mnist-stream.sxt',
    ]);
  });

  // The one of 3600 neurons takes as long as ten others.
  it.each(['n400-mnist-event', 'n400-mnist-stream', ...(FULL ? ['n3600-mnist-stream'] : [])])(
    '%s is what recording its own metadata again gives, byte for byte',
    async (name) => {
      const shipped = join(traces, `${name}.sxt`);
      const { trace, close } = await openTrace(shipped);
      close();
      const { network, dataset, workload, inferences, device, accelerator, seed } = trace.metadata;
      const out = join(folder, `${name}.sxt`);
      await runRecord({
        ...{ mapping: 'baseline', profile: 'sparkxd', supply: 1.025, chip: 1, berLimit: 1e-3, occupied: 0 },
        ...{ weights: String(network), dataset: String(dataset), workload: workload as Workload },
        ...{ device: String(device), accelerator: String(accelerator) },
        ...{ images: Number(inferences), seed: Number(seed), out },
      });
      expect((await readFile(out)).equals(await readFile(shipped))).toBe(true);
    },
  );
});

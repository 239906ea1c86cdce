import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEvaluate } from '../../src/experiments/evaluate.ts';
import { runRecord } from '../../src/experiments/record.ts';
import { runReplay } from '../../src/experiments/replay.ts';
import { readSamples } from '../../src/inputs/read-samples.ts';
import { openTrace } from '../../src/inputs/trace-files.ts';
import type { RecordInput } from '../../src/settings/jobs/record.ts';
import type { ReplayInput } from '../../src/settings/jobs/replay.ts';
import { createLayeredInference } from '../../src/snn/layers/infer-layers.ts';
import { weightTensors } from '../../src/snn/layers/layered-network.ts';
import { createSampleInput } from '../../src/sparkxd/layered-samples.ts';
import type { LayeredMap } from '../../src/trace/memory-map.ts';
import {
  TINY_NETWORKS,
  TINY_RUN,
  type TinyLayers,
  type TinyNetwork,
  writeTinyLayers,
} from './tiny-layers.ts';

const CHIP = { profile: 'sparkxd', mapping: 'baseline' } as const;
const IMAGES = 6;

let folder: string;
const files = {} as Record<TinyNetwork, TinyLayers>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-layers-'));
  for (const which of ['dense', 'recurrent', 'conv'] as const)
    files[which] = await writeTinyLayers(folder, which);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let traces = 0;
async function recorded(which: TinyNetwork, input: Partial<RecordInput> = {}): Promise<string> {
  const out = join(folder, `${which}-${traces++}.sxt`);
  await runRecord({ ...files[which], ...CHIP, images: IMAGES, out, ...input });
  return out;
}
const replayed = (trace: string, input: Partial<ReplayInput> = {}) =>
  runReplay({ trace, supplies: [1.35, 1.025], ...input });

async function contentOf(trace: string) {
  const opened = await openTrace(trace);
  const map = opened.trace.memoryMap!()! as LayeredMap;
  const run = { address: 0, bytes: 0, write: false, arrival: 0, source: 0 };
  let bytes = 0;
  while (opened.trace.next(run)) bytes += run.bytes;
  opened.close();
  return { map, bytes };
}

describe('a recording of a layered network', () => {
  it('says of each tensor where it lies, and how the network steps and is driven', async () => {
    const { map } = await contentOf(
      await recorded('conv', { format: 'int8', tensorFormats: [['fc.*', 'fp16']] }),
    );
    expect(map.version).toBe(2);
    expect(map.tensors).toMatchObject([
      {
        name: 'conv.weight',
        shape: [1, 36],
        format: 'int8',
        row_bytes: 36,
        row_stride: 64,
        buffered_bytes: 36,
      },
      {
        name: 'fc.weight',
        shape: [36, 10],
        format: 'fp16',
        row_bytes: 20,
        row_stride: 32,
        buffered_bytes: 20,
      },
    ]);
    expect(map.network).toEqual({
      dynamics: {
        time_step_s: 0.001,
        integration: 'euler',
        reset: 'subtract',
        reset_time: 'same-step',
        threshold: 'gt',
      },
      presentation: { steps: 10, input: 'bernoulli', gain: 0.5, readout: 'counts' },
    });
    expect(map.inference).toMatchObject({ samples: 'images', images: IMAGES, seed: 1 });
  });

  it.each(['dense', 'recurrent', 'conv'] as const)(
    'reads of %s, spike by spike, the rows that its layers need, where the buffer keeps none',
    async (which) => {
      const { network } = { network: TINY_NETWORKS[which] };
      const found = await readSamples(files[which].dataset);
      if (found.kind !== 'images') throw new Error('images');
      const runnable = { network, ...TINY_RUN };
      const inference = createLayeredInference(runnable);
      const input = createSampleInput(runnable, { kind: 'images', set: found.test }, 1);
      const strides = weightTensors(network).map(({ columns }) => Math.ceil((4 * columns) / 32) * 32);
      let bytes = 0;
      for (let image = 0; image < IMAGES; image++)
        inference.present(input(image), {
          beforeAdding: (tensor, _, rows) => void (bytes += rows.length * strides[tensor]!),
        });
      const trace = await recorded(which, { workload: 'event', accelerator: await withoutBuffer() });
      expect((await contentOf(trace)).bytes).toBe(bytes);
    },
  );

  it('streams all rows of all tensors once an inference', async () => {
    const { bytes } = await contentOf(await recorded('dense'));
    expect(bytes).toBe(IMAGES * (64 * 64 + 12 * 64));
  });

  it('is the same bytes each time', async () => {
    const [first, second] = [
      await recorded('recurrent', { workload: 'event' }),
      await recorded('recurrent', { workload: 'event' }),
    ];
    expect(await readFile(first)).toEqual(await readFile(second));
  });
});

describe('the replay of a layered recording', () => {
  it.each([
    ['dense', 'stream', {}],
    ['dense', 'event', { format: 'int8', ecc: 'secded' }],
    ['recurrent', 'event', { mapping: 'sparkxd' }],
    ['conv', 'event', { format: 'fp16' }],
    ['conv', 'stream', { mapping: 'bit-plane', format: 'int8' }],
  ] as const)(
    'answers for %s (%s) the accuracy and the errors of evaluate at each supply',
    async (which, workload, coding) => {
      const trace = await recorded(which, { workload, ...coding });
      const { rows } = await replayed(trace, { repair: 'clamp' });
      for (const row of rows) {
        const expected = await runEvaluate({
          ...files[which],
          ...CHIP,
          ...coding,
          supply: row.supply_V,
          images: IMAGES,
          repair: 'clamp',
          timing: 'stretched',
        });
        // The mapping of that recording looked at the chip at another supply.
        if (which !== 'recurrent') {
          expect(row.flipped_bits).toBe(expected.flipped_bits);
          expect(row.accuracy).toBe(expected.accuracy);
        }
        expect(row).toMatchObject({ network: which, inferences: IMAGES, vote: 'counts', workload });
        expect(row.dram_energy_total_nJ).toBeGreaterThan(0);
      }
      expect(rows[0]!.accuracy).toBe(rows[0]!.baseline_accuracy);
    },
  );

  it('takes each draw of a streamed row: by activations on one page an inference as by reads', async () => {
    const trace = await recorded('dense');
    const draws = { supplies: [1.025], flipProbability: 0.5, errorModel: 0 } as const;
    const read = (await replayed(trace, { ...draws, draw: 'read' })).rows[0]!;
    const again = (await replayed(trace, { ...draws, draw: 'read' })).rows[0]!;
    expect(again).toEqual(read);
    expect(read.wrong_bits_read_per_inference).toBeGreaterThan(0);
    // Bits that are wrong in the trace are those that the inferences get.
    expect(read.wrong_bits_read_per_inference! * IMAGES).toBeCloseTo(read.bits_wrong!, 6);
    const opened = (await replayed(trace, { ...draws, draw: 'activation' })).rows[0]!;
    expect(opened.wrong_bits_read_per_inference! * IMAGES).toBeCloseTo(opened.bits_wrong!, 6);
  });

  it('of events is refused where reads differ, and told what to do', async () => {
    const trace = await recorded('dense', { workload: 'event' });
    await expect(replayed(trace, { flipProbability: 0.5 })).rejects.toThrow(
      /hidden spikes of damaged weights ask for other rows[\s\S]*record the workload stream/,
    );
  });

  it('names tensor and row of each wrong read', async () => {
    const trace = await recorded('dense');
    const list = join(folder, 'wrong.csv');
    const { rows } = await replayed(trace, { supplies: [1.025], wrongReads: list });
    const { map } = await contentOf(trace);
    const found = new Set<string>();
    const lines = (await readFile(list, 'utf8')).trim().split('\r\n');
    expect(lines[0]).toMatch(/,tensor,weight_row$/);
    expect(lines.length - 1).toBe(rows[0]!.reads_wrong);
    for (const line of lines.slice(1)) {
      const cells = line.split(',');
      const [row, tensor] = [Number(cells.pop()), cells.pop()];
      const { runs } = map.tensors.find(({ name }) => name === tensor)!;
      let before = 0;
      for (const [from, bytes] of runs) {
        if (Number(cells[2]) >= from && Number(cells[2]) < from + bytes)
          expect(row).toBe(Math.floor((before + Number(cells[2]) - from) / 64));
        else before += bytes;
        found.add(tensor!);
      }
    }
    expect([...found].sort()).toEqual(['fc1.weight', 'fc2.weight']);
  });

  it('places its weights anew', async () => {
    const trace = await recorded('conv', { workload: 'event' });
    const { rows } = await replayed(trace, { replace: true, mapping: 'sparkxd' });
    expect(rows[1]!.mapping).toBe('sparkxd');
    expect(rows[1]!.accuracy).toBeDefined();
  });

  it('holds weights and images against their hashes', async () => {
    const trace = await recorded('dense');
    await expect(replayed(trace, { weights: files.conv.weights })).rejects.toThrow(
      /not the weights .* was recorded of: SHA-256/,
    );
    await expect(replayed(trace, { dataset: 'mnist' })).rejects.toThrow(/test images of mnist are not those/);
    await expect(replayed(trace, { vote: 'activity' })).rejects.toThrow(/--vote is of Diehl & Cook networks/);
    await expect(replayed(trace, { images: 9 })).rejects.toThrow(/8/);
    expect((await replayed(trace, { images: 'all' })).rows[0]!.images).toBe(8);
  });
});

/** An accelerator whose buffer holds no row. */
async function withoutBuffer(): Promise<string> {
  const { writeFile } = await import('node:fs/promises');
  const { packageFolder } = await import('../../src/files/package.ts');
  const edge = await readFile(join(packageFolder, 'hw-models', 'accelerators', 'edge.yaml'), 'utf8');
  const file = join(folder, 'bare.yaml');
  await writeFile(file, edge.replace('value: 64 * 1024 * 8 bit', 'value: 64 bit'));
  return file;
}

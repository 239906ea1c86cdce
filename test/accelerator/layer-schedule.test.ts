import { describe, expect, it } from 'vitest';
import { layerOrder } from '../../src/accelerator/layer-order.ts';
import { pipelineOf, pipelineStages, sequenceOf } from '../../src/accelerator/layer-schedule.ts';
import { TINY_NETWORKS } from '../experiments/tiny-layers.ts';

const plain = (schedule: object) =>
  Object.fromEntries(
    Object.entries(schedule).map(([key, value]) => [
      key,
      ArrayBuffer.isView(value) ? [...(value as Uint32Array)] : value,
    ]),
  );

describe('the order of layers', () => {
  it('is that of the network, with what each tensor is fed by and feeds', () => {
    const { work, tensors, populations, recurrent } = layerOrder(TINY_NETWORKS.recurrent);
    expect(
      work.map((one) => (one.kind === 'add' ? `add ${one.tensor}` : `update ${one.population}`)),
    ).toEqual([...['add 0', 'add 1', 'update 0', 'add 2', 'update 1']]);
    expect(tensors).toEqual([
      { sources: [], feeds: [0] },
      { sources: [{ population: 0, delayed: true }], feeds: [0] },
      { sources: [{ population: 0, delayed: false }], feeds: [1] },
    ]);
    expect(populations.map(({ neurons }) => neurons)).toEqual([12, 10]);
    expect(recurrent).toBe(true);
  });

  it('goes through pools as through wires', () => {
    const { tensors, recurrent } = layerOrder(TINY_NETWORKS.conv);
    expect(tensors).toEqual([
      { sources: [], feeds: [0] },
      { sources: [{ population: 0, delayed: false }], feeds: [1] },
    ]);
    expect(recurrent).toBe(false);
  });
});

/** Two steps: rows 3 and 5 of the first tensor and row 1 of the recurrent one, then row 0 of the last. */
const inference = {
  steps: 2,
  tensors: [
    { offsets: [0, 1, 2], numbers: [3, 5], passes: [1, 2] },
    { offsets: [0, 0, 1], numbers: [1], passes: [1] },
    { offsets: [0, 1, 2], numbers: [0, 0], passes: [1, 1] },
  ],
};
const ROWS = [
  { firstRow: 0, rows: 64 },
  { firstRow: 64, rows: 12 },
  { firstRow: 76, rows: 12 },
];

describe('layers in sequence', () => {
  it('add, step by step, the rows of each layer, and update its neurons, whose spikes say which rows come next', () => {
    const schedule = sequenceOf('event', layerOrder(TINY_NETWORKS.recurrent), ROWS, inference);
    expect(plain(schedule)).toMatchObject({
      rows: [3, 76, 5, 65, 76],
      passes: [1, 1, 2, 1, 1],
      updates: [0, 1, 1, 0, 1, 1],
      populations: [0, 1, 0, 1],
      after: [0, 1, 0, 1, 3],
      buffered: true,
    });
  });

  it('add each row once where all are streamed', () => {
    const { rows, passes, updates, buffered } = sequenceOf(
      'stream',
      layerOrder(TINY_NETWORKS.dense),
      [ROWS[0]!, { firstRow: 64, rows: 12 }],
      { steps: 2, tensors: [inference.tensors[0]!, inference.tensors[2]!] },
    );
    expect([...(rows as Uint32Array)]).toEqual(Array.from({ length: 76 }, (_, row) => row));
    expect([passes[3], passes[5], passes[64], passes[0]]).toEqual([1, 2, 2, 0]);
    expect([updates[64], updates[76], updates[1]]).toEqual([2, 2, 0]);
    expect(buffered).toBe(false);
  });
});

describe('a pipeline', () => {
  it('has a core for each population, which hears those before it in the same step', () => {
    const stages = pipelineStages(layerOrder(TINY_NETWORKS.recurrent));
    expect(stages.map(({ hears, hearsItself }) => ({ hears, hearsItself }))).toEqual([
      { hears: [], hearsItself: true },
      { hears: [{ core: 0, later: 0 }], hearsItself: false },
    ]);
    const [first, second] = pipelineOf(stages, ROWS, inference);
    expect(plain(first!)).toMatchObject({
      rows: [3, 5, 65],
      updates: [0, 1, 0, 1],
      after: [0, 1, 1],
      heard: [0, 0, 0],
    });
    expect(plain(second!)).toMatchObject({
      rows: [76, 76],
      updates: [0, 1, 1],
      after: [0, 0],
      heard: [1, 2],
      behind: 0,
    });
  });
});

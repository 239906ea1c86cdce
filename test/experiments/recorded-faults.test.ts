import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConvert } from '../../src/experiments/convert.ts';
import { runRecord } from '../../src/experiments/record.ts';
import { runReplay } from '../../src/experiments/replay.ts';
import { openTrace } from '../../src/inputs/trace-files.ts';
import type { ReplayInput } from '../../src/settings/jobs/replay.ts';
import { type AccessRun, emptyRun } from '../../src/trace/access-run.ts';
import type { MatrixMap } from '../../src/trace/memory-map.ts';
import { createSxtWriter } from '../../src/trace/sxt-writer.ts';
import { TINY_IMAGES, writeTinyInference } from './tiny-inference.ts';

let folder: string;
let trace: string;
let map: MatrixMap;
let runs: AccessRun[];
let network: { readonly weights: string; readonly dataset: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-recorded-faults-'));
  network = await writeTinyInference(folder);
  trace = join(folder, 'sound.sxt');
  await runRecord({ ...network, workload: 'event', images: 3, out: trace });
  const opened = await openTrace(trace);
  map = opened.trace.memoryMap!()! as MatrixMap;
  runs = [];
  const run = emptyRun();
  while (opened.trace.next(run)) runs.push({ ...run });
  opened.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A trace of these runs, with a memory map or without one. */
async function written(content: readonly AccessRun[], memoryMap: MatrixMap | undefined): Promise<string> {
  const pieces: Uint8Array[] = [];
  const writer = createSxtWriter(
    (piece) => pieces.push(piece.slice()),
    { network: 'tiny' },
    { join: false, memoryMap },
  );
  for (const run of content) writer.append(run);
  writer.end();
  const file = join(folder, 'written.sxt');
  await writeFile(file, Buffer.concat(pieces));
  return file;
}

const replayed = (file: string, more: Partial<ReplayInput> = {}) =>
  runReplay({ trace: file, supplies: [1.35], ...more });

describe('a recording that has lost something', () => {
  it('is replayed as it is', async () => {
    const { rows } = await replayed(await written(runs, map));
    expect(rows[0]!.accuracy).toBe(rows[0]!.baseline_accuracy);
    expect(rows[0]!.images).toBe(3);
  });

  it('without its memory map gives energy, and says what it lacks', async () => {
    const { rows, notes } = await replayed(await written(runs, undefined));
    expect(rows[0]!.dram_energy_total_nJ).toBeGreaterThan(0);
    expect(rows[0]!.accuracy).toBeUndefined();
    expect(notes.join()).toMatch(/no memory map .*: no accuracy/);
  });

  it('that ends within an inference, or goes on after the last one, is refused with the inference', async () => {
    await expect(replayed(await written(runs.slice(0, -1), map))).rejects.toThrow(
      /cut short within inference 3 of 3, weight row \d+\n.*\n.*--no-accuracy/,
    );
    await expect(replayed(await written([...runs, runs[0]!], map))).rejects.toThrow(
      /reads address 0x[0-9a-f]+ after the 3 inferences/,
    );
  });

  it('that reads or writes something else is refused with the place', async () => {
    const moved = runs.map((run, i) => (i === 5 ? { ...run, address: 1 << 20 } : run));
    await expect(replayed(await written(moved, map))).rejects.toThrow(
      /reads address 0x100000 where its memory map has 0x[0-9a-f]+ \(inference 1 of 3, weight row \d+\)/,
    );
    const wrote = runs.map((run, i) => (i === 5 ? { ...run, write: true } : run));
    await expect(replayed(await written(wrote, map))).rejects.toThrow(/writes at address/);
    // Energy alone asks for nothing of the map.
    expect((await replayed(await written(wrote, map), { noAccuracy: true })).rows).toHaveLength(1);
  });

  it('of weights that are gone or have changed names them, and --weights', async () => {
    const gone = { ...map, weights: { ...map.weights, file: join(folder, 'gone.safetensors') } };
    const file = await written(runs, gone);
    await expect(replayed(file)).rejects.toThrow(
      /cannot be read: no weights .*gone.safetensors.*\n.*--weights/,
    );
    expect((await replayed(file, { weights: network.weights })).rows[0]!.accuracy).toBeDefined();
    await expect(replayed(trace, { weights: 'n400-mnist' })).rejects.toThrow(
      /not the weights that .* was recorded of: SHA-256 [0-9a-f]{16}\.\.\., recorded [0-9a-f]{16}/,
    );
  });

  it('of images that are gone, have changed or are too few names them', async () => {
    const gone = { ...map, inference: { ...map.inference, dataset: join(folder, 'nowhere') } };
    await expect(replayed(await written(runs, gone))).rejects.toThrow(
      /the images .* cannot be read.*\n.*--dataset/,
    );
    await expect(replayed(trace, { dataset: 'mnist' })).rejects.toThrow(
      /the test images of mnist are not those/,
    );
    await expect(replayed(trace, { images: TINY_IMAGES + 1 })).rejects.toThrow(/test images/);
    const many = { ...map, inference: { ...map.inference, images: TINY_IMAGES + 1 } };
    await expect(replayed(await written(runs, many))).rejects.toThrow(/9 inferences, .* has 8 test images/);
  });

  it('on a device that is too small is refused, and placed anew it is not', async () => {
    const [tensor] = map.tensors;
    const far = 2 ** 34;
    const beyond: MatrixMap = {
      ...map,
      tensors: [{ ...tensor, runs: tensor.runs.map(([address, bytes]) => [address + far, bytes]) }],
    };
    const shifted = runs.map((run) => ({ ...run, address: run.address + far }));
    const file = await written(shifted, beyond);
    await expect(replayed(file)).rejects.toThrow(/lie up to address 0x[0-9a-f]+, beyond the \d+ bytes/);
    expect((await replayed(file, { replace: true })).rows[0]!.accuracy).toBeDefined();
    expect((await replayed(file, { wrap: true })).rows[0]!.accuracy).toBeDefined();
  });

  it('with a map that is not sound is refused by what is wrong in it', async () => {
    const [tensor] = map.tensors;
    const short = { ...map, tensors: [{ ...tensor, runs: [[0, 32]] }] } as unknown as MatrixMap;
    await expect(replayed(await written(runs, short))).rejects.toThrow(/addresses of weight hold 32 bytes/);
    const strange = { ...map, colour: 'red' } as unknown as MatrixMap;
    await expect(replayed(await written(runs, strange))).rejects.toThrow(/memory map is not sound.*colour/);
    const unaligned = {
      ...map,
      tensors: [{ ...tensor, runs: tensor.runs.map(([address, bytes]) => [address + 7, bytes]) }],
    } as unknown as MatrixMap;
    await expect(replayed(await written(runs, unaligned))).rejects.toThrow(/are not whole bursts of 32/);
    const [[address], ...others] = tensor.runs as [[number, number], ...[number, number][]];
    const twice = { ...map, tensors: [{ ...tensor, runs: [...others, ...others, [address, 32]] }] };
    await expect(replayed(await written(runs, twice as unknown as MatrixMap))).rejects.toThrow(
      /holds two parts of weight/,
    );
    const newer = { ...map, placement: { ...map.placement, policy: 'best' } };
    await expect(replayed(await written(runs, newer))).rejects.toThrow(/unknown mapping: "best"/);
  });

  it('keeps its map through a conversion, unless addresses move', async () => {
    const kept = join(folder, 'kept.sxt');
    expect((await runConvert({ input: trace, output: kept, to: 'sxt' })).lost).toEqual([]);
    expect((await replayed(kept)).rows[0]!.accuracy).toBeDefined();
    await copyFile(kept, join(folder, 'copy.sxt'));
    const moved = await runConvert({
      input: trace,
      output: join(folder, 'moved.sxt'),
      to: 'sxt',
      wrap: true,
      device: 'lpddr3-1600-4gb-sparkxd',
    });
    expect(moved.lost.join()).toMatch(/memory map/);
  });
});

describe('repairs and images of a recording', () => {
  it('need all weights at once, or their reads', async () => {
    await expect(replayed(trace, { repair: 'sum' })).rejects.toThrow(/needs all weights at once/);
    await expect(
      replayed(trace, { supplies: [1.025], timing: 'paper', flipProbability: 0.5, images: 'all' }),
    ).rejects.toThrow(/holds the reads of 3 images/);
    const { rows } = await replayed(trace, { supplies: [1.025], timing: 'paper', images: 'all' });
    expect(rows[0]!.images).toBe(TINY_IMAGES);
    const stream = join(folder, 'stream.sxt');
    await runRecord({ ...network, workload: 'stream', images: 3, out: stream });
    const uncertain = { supplies: [1.025], timing: 'paper', flipProbability: 0.5, chips: 2 } as const;
    const summed = await replayed(stream, { ...uncertain, repair: 'sum' });
    const asRead = await replayed(stream, uncertain);
    expect(summed.rows.map(({ bits_wrong }) => bits_wrong)).toEqual(
      asRead.rows.map(({ bits_wrong }) => bits_wrong),
    );
    expect(summed.rows[0]!.wrong_bits_read_per_inference).toBe(asRead.rows[0]!.wrong_bits_read_per_inference);
  });
});

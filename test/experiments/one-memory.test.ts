import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEvaluate } from '../../src/experiments/evaluate.ts';
import { runMap } from '../../src/experiments/map.ts';
import { runRecord } from '../../src/experiments/record.ts';
import { run } from '../../src/experiments/run.ts';
import { runSimulate } from '../../src/experiments/simulate.ts';
import type { RunInput } from '../../src/settings/jobs/run.ts';
import type { WeightFormat } from '../../src/snn/weight-format.ts';

const NETWORK = { weights: 'n400-mnist', dataset: 'mnist', seed: 5, timing: 'paper' } as const;
const IMAGES = 20;

type Memory = Pick<RunInput, 'format' | 'ecc' | 'repair' | 'errorModel' | 'occupied' | 'pruneInputs'>;

/** The rows of `run` and of `evaluate` for one chip. */
async function bothOf(memory: Memory) {
  const [mapping, supply] = ['sparkxd', 1.05] as const;
  const points = { supplies: [supply], mappings: [mapping], chips: 1, images: IMAGES, inferences: 1 };
  const { rows } = await run({ ...NETWORK, ...memory, ...points });
  const evaluated = await runEvaluate({ ...NETWORK, ...memory, supply, mapping, chip: 1, images: IMAGES });
  return [rows[0]!, evaluated] as const;
}

describe('every command holds weights in the same memory', () => {
  it('respawn: run, evaluate and simulate read the same bits and give the side information that map names', async () => {
    const at = { supply: 1.05, mapping: 'respawn', format: 'uint8', repair: 'none' } as const;
    const { supply, mapping, ...memory } = at;
    const points = { supplies: [supply], mappings: [mapping], chips: 1, images: IMAGES, inferences: 1 };
    const { rows } = await run({ ...NETWORK, ...memory, ...points });
    const [row] = rows;
    const evaluated = await runEvaluate({ ...NETWORK, ...at, chip: 1, images: IMAGES });
    const simulated = await runSimulate({ ...NETWORK, ...at, chip: 1, images: IMAGES });
    expect([evaluated.accuracy, simulated.row.accuracy]).toEqual([row!.accuracy, row!.accuracy]);
    expect([evaluated.flipped_bits, evaluated.ber_observed]).toEqual([row!.flipped_bits, row!.ber_observed]);
    const { repair: _, ...placed } = at;
    const { sideBytes } = await runMap({ ...NETWORK, ...placed });
    expect(row!.mapping_side_bytes).toBe(sideBytes);
    expect(sideBytes).toBeGreaterThan(0);
    const plain = await runMap({ ...NETWORK, ...placed, mapping: 'sparkxd' });
    expect({ ...plain, sideBytes }).toEqual(await runMap({ ...NETWORK, ...placed }));
  });

  it.each<[string, Memory]>([
    ['FP32 with SECDED', { ecc: 'secded', repair: 'none' }],
    ['INT8 under parity, repaired by the median', { format: 'int8', ecc: 'parity', repair: 'median' }],
    ['wordline errors beside other data', { errorModel: 2, occupied: 0.4, repair: 'clamp' }],
    ['data-dependent errors in INT4', { errorModel: 3, format: 'int4', repair: 'zero' }],
    ['few inputs stored', { pruneInputs: 0.05, format: 'fp16', repair: 'sum' }],
  ])('%s: run and evaluate read the same bits', async (_, memory) => {
    const [row, evaluated] = await bothOf(memory);
    for (const column of ['ber_chip', 'ber_placed', 'ber_observed', 'flipped_bits', 'accuracy'] as const)
      expect(evaluated[column], column).toBe(row[column]);
    expect(row.flipped_bits).toBeGreaterThan(0);
  });
});

describe('what makes no sense in a memory', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sparkxd-memory-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  const parity: { format: WeightFormat; ecc: 'parity' } = { format: 'int4', ecc: 'parity' };
  const message = 'parity protects weights of whole bytes, int4 has 4 bits';
  const { timing: _, ...named } = NETWORK;

  it('is refused with the same words by every command that has the format', async () => {
    await expect(run({ ...NETWORK, ...parity, images: 1, chips: 1 })).rejects.toThrow(message);
    await expect(runEvaluate({ ...NETWORK, ...parity, supply: 1.1, images: 1 })).rejects.toThrow(message);
    await expect(runEvaluate({ ...named, ...parity, ber: 0.01, images: 1 })).rejects.toThrow(message);
    const out = join(folder, 'never.sxt');
    await expect(runRecord({ ...NETWORK, ...parity, images: 1, out })).rejects.toThrow(message);
    await expect(runMap({ ...named, ...parity, supply: 1.1 })).rejects.toThrow(message);
  });

  it('is a mapping by bits for rows with check bits', async () => {
    const planes = { mapping: 'bit-plane', ecc: 'secded', supply: 1.1, images: 1 } as const;
    const { images: __, ...map } = planes;
    const words = 'the mapping bit-plane takes weight rows apart';
    await expect(runEvaluate({ ...NETWORK, ...planes })).rejects.toThrow(words);
    await expect(runSimulate({ ...NETWORK, ...planes })).rejects.toThrow(words);
    await expect(runMap({ ...named, ...map })).rejects.toThrow(words);
  });

  it('is a mapping that rotates words for rows with check bits', async () => {
    const rotated = { mapping: 'respawn', ecc: 'parity', supply: 1.1, images: 1 } as const;
    const { images: __, ...map } = rotated;
    const words =
      'the mapping respawn rotates the words of weight rows, between which parity puts check bits';
    await expect(runEvaluate({ ...NETWORK, ...rotated })).rejects.toThrow(words);
    await expect(runSimulate({ ...NETWORK, ...rotated })).rejects.toThrow(words);
    await expect(runMap({ ...named, ...map })).rejects.toThrow(words);
  });
});

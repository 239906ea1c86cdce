import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { subarrayBer } from '../../src/faults/subarray-ber.ts';
import { collectWeakCells } from '../../src/faults/weak-cell-map.ts';
import { heldAt, weakCellsAt } from '../../src/faults/weak-cells-at.ts';
import type { ModelKind, ModelSource } from '../../src/hardware/model-source.ts';
import { openChip } from '../../src/inputs/open-chip.ts';
import { openMemory } from '../../src/inputs/open-memory.ts';
import { readNetwork } from '../../src/inputs/read-network.ts';
import { createInputRecorder } from '../../src/inputs/recorder.ts';
import { mean } from '../../src/stats/moments.ts';
import { shippedModels } from '../shipped-models.ts';

const DEVICE = 'ddr3l-1600-4gb';
const textOf = (kind: ModelKind, name: string) =>
  readFile(new URL(`../../hw-models/${kind}/${name}.yaml`, import.meta.url), 'utf8');

/** The shipped models, passages of some replaced. */
async function changed(
  ...changes: readonly [kind: ModelKind, name: string, from: RegExp, to: string][]
): Promise<ModelSource> {
  const texts = new Map<string, string>();
  for (const [kind, name, from, to] of changes) {
    const text = texts.get(`${kind} ${name}`) ?? (await textOf(kind, name));
    expect(text).toMatch(from);
    texts.set(`${kind} ${name}`, text.replace(from, to));
  }
  return {
    ...shippedModels,
    async read(kind, name) {
      const text = texts.get(`${kind} ${name}`);
      return text === undefined ? shippedModels.read(kind, name) : { text, file: `${name}.yaml` };
    },
  };
}

async function open(
  temperature: number | undefined,
  models: ModelSource = shippedModels,
  names: { readonly device?: string; readonly profile?: string } = {},
) {
  const remarks: string[] = [];
  const recorder = createInputRecorder((line) => remarks.push(line), models);
  const request = {
    device: DEVICE,
    profile: 'voltron-b',
    seed: 1,
    chip: 1,
    errorModel: 0 as const,
    ...names,
  };
  const opened = await openChip({ ...request, temperature }, recorder);
  return { ...opened, remarks, recorder };
}

/** Rows refreshed in 2048 ms, the longest interval measured. */
const slow = () => changed(['standards', 'ddr3', /window: 64 ms/, 'window: 2048 ms']);

describe('retention at a temperature', () => {
  it('adds the weak cells that `errors` adds with the refresh window of the standard', async () => {
    // A thousand times the measured errors, so that a few rows have some.
    const models = await changed(
      ['standards', 'ddr3', /window: 64 ms/, 'window: 2048 ms'],
      ['voltage', 'voltron-b', /2\.27e-07/, '2.27e-04'],
      ['voltage', 'voltron-b', /2\.52e-07/, '2.52e-04'],
      ['voltage', 'voltron-b', /1\.84e-07/, '1.84e-04'],
    );
    const plain = (await open(undefined, models)).chip;
    const { chip, remarks, device } = await open(70, models);
    expect(remarks).toEqual([]);
    const conditions = { refreshInterval_ms: 2048, temperature_C: 70 };
    const cells = (weak: ReturnType<typeof weakCellsAt>) => {
      const { nominal } = device.supply;
      const map = collectWeakCells(weak, nominal, 1.2, { banks: [0, 5], firstRow: 0, endRow: 20 });
      return { size: map.size, row: [...map.row], bit: [...map.bit] };
    };
    const found = cells(weakCellsAt(chip, 1.2));
    expect(found).toEqual(cells(weakCellsAt(plain, 1.2, conditions)));
    expect(found.size).toBeGreaterThan(cells(weakCellsAt(plain, 1.2)).size);
    expect(subarrayBer(chip, 1.2)).toEqual(subarrayBer(plain, 1.2, conditions));
    expect(mean(subarrayBer(chip, 1.2))).toBeCloseTo(2.27e-4, 8);
  });

  it('is that of the device’s own supply where latency makes up for it', async () => {
    const { chip } = await open(70, await slow());
    expect(mean(subarrayBer(heldAt(chip, 1.15), 1.35))).toBeCloseTo(2.52e-7, 12);
    expect(mean(subarrayBer(chip, 1.35))).toBeCloseTo(1.84e-7, 12);
    expect(() => subarrayBer(heldAt(chip, 1.1), 1.35)).toThrow('supply 1.1 V is outside the retention data');
  });

  it('counts in weights that lie in the memory', async () => {
    const recorder = createInputRecorder(undefined, await slow());
    const choice = {
      device: DEVICE,
      profile: 'voltron-b',
      errorModel: 0,
      format: 'fp32',
      ecc: 'none',
      timing: 'stretched',
      berLimit: 1e-3,
      occupied: 0,
      repair: 'none',
      seed: 1,
    } as const;
    const network = await readNetwork('n400-mnist', recorder.note);
    const none = () => Promise.reject(new Error('no images are needed'));
    const held = async (temperature: number | undefined) => {
      const memory = await openMemory({ ...choice, temperature }, network, recorder, none);
      return memory.hold(memory.at(1, 1.15, 'baseline')).berChip;
    };
    expect(await held(undefined)).toBe(0);
    expect(await held(70)).toBeCloseTo(2.52e-7, 12);
  });

  it('is nothing at the standard window, as it was measured', async () => {
    const { chip, remarks } = await open(70);
    expect(remarks).toEqual([]);
    expect(chip).toMatchObject({ retention: { refreshInterval_ms: 64, temperature_C: 70 } });
    expect(subarrayBer(chip, 1.2)).toEqual(subarrayBer((await open(undefined)).chip, 1.2));
  });

  it('is left out without a temperature', async () => {
    const { chip, remarks } = await open(undefined);
    expect(chip).not.toHaveProperty('retention');
    expect(remarks).toEqual([]);
  });

  it('is none in a window shorter than measured, provided that none was seen in the shortest', async () => {
    const names = { device: 'lpddr3-1600-4gb-sparkxd' };
    const { chip, remarks } = await open(60, shippedModels, names);
    expect(chip).toMatchObject({ retention: { refreshInterval_ms: 64, temperature_C: 60 } });
    expect(remarks).toEqual([
      'bit errors: profile voltron-b was measured on ddr3 and is taken over to lpddr3',
      expect.stringMatching(/^rows are refreshed in 32 ms at 60 C; voltron-b .* from 64 ms on/),
    ]);
    const failing = await changed([
      'voltage',
      'voltron-b',
      /\[1\.2 V, 70 degC, \[0, 0, 0,/,
      '[1.2 V, 70 degC, [1e-12, 1e-12, 1e-12,',
    ]);
    await expect(open(60, failing, names)).rejects.toThrow('nothing is known of rows refreshed in 32 ms');
  });

  it.each([
    [
      71,
      shippedModels,
      /nothing is known at 71 C: retention of voltron-b was measured at 20 to 70 C .* 64 to 2048 ms/,
    ],
    [19, shippedModels, /nothing is known at 19 C/],
    [96, shippedModels, /96 C is too hot for ddr3l-1600-4gb/],
    [
      60,
      changed(['standards', 'ddr3', /window: 64 ms/, 'window: 2049 ms']),
      /nothing is known of rows refreshed in 2049 ms/,
    ],
    [
      60,
      changed(['standards', 'ddr3', /window: 64 ms,/, '']),
      /ddr3 does not say in which time every row is refreshed/,
    ],
  ])('is refused beyond what was measured: %s C', async (temperature, models, what) => {
    await expect(open(temperature, await models)).rejects.toThrow(what);
  });

  it('is said to be unknown for a profile without it, up to where the standard says how to refresh', async () => {
    const { chip, remarks } = await open(90, shippedModels, { profile: 'sparkxd' });
    expect(chip).not.toHaveProperty('retention');
    expect(remarks).toEqual([
      'retention at 90 C is not known for the voltage profile sparkxd: no retention error is counted',
    ]);
    await expect(open(96, shippedModels, { profile: 'sparkxd' })).rejects.toThrow(/too hot/);
  });
});

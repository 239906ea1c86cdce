import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { acceleratorFromYaml } from '../../src/hardware/accelerator-from-yaml.ts';
import { circuitCurveFromYaml } from '../../src/hardware/circuit-curve-from-yaml.ts';
import { deviceFromYaml } from '../../src/hardware/device-from-yaml.ts';
import { loadPresets } from '../../src/hardware/import/load-presets.ts';
import { presetsFromYaml } from '../../src/hardware/import/presets-from-yaml.ts';
import { loadAccelerator } from '../../src/hardware/load-accelerator.ts';
import { loadCircuitCurve } from '../../src/hardware/load-circuit-curve.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { loadStandard } from '../../src/hardware/load-standard.ts';
import { loadSubarrayScheme } from '../../src/hardware/load-subarray-scheme.ts';
import { loadVoltageProfile } from '../../src/hardware/load-voltage-profile.ts';
import { MODEL_KINDS, type ModelKind, type ModelSource } from '../../src/hardware/model-source.ts';
import { standardFromYaml } from '../../src/hardware/standard-from-yaml.ts';
import { subarraySchemeFromYaml } from '../../src/hardware/subarray-scheme-from-yaml.ts';
import { voltageProfileFromYaml } from '../../src/hardware/voltage-profile-from-yaml.ts';
import { compileModel } from '../../src/inputs/compile-models.ts';
import { readCompiled } from '../../src/inputs/compiled-models.ts';
import { modelFiles } from '../../src/inputs/model-files.ts';
import { createInputRecorder } from '../../src/inputs/recorder.ts';

type Load = (name: string, models: ModelSource) => Promise<unknown>;
/** The loader of each kind, and what it does where nothing is compiled. */
const LOADERS: Readonly<Record<ModelKind, readonly [load: Load, fromYaml: Load]>> = {
  dram: [loadDevice, deviceFromYaml],
  standards: [loadStandard, standardFromYaml],
  subarrays: [loadSubarrayScheme, subarraySchemeFromYaml],
  circuit: [loadCircuitCurve, circuitCurveFromYaml],
  voltage: [loadVoltageProfile, voltageProfileFromYaml],
  accelerators: [loadAccelerator, acceleratorFromYaml],
  presets: [loadPresets, presetsFromYaml],
};

const folder = mkdtempSync(join(tmpdir(), 'sparkxd-compiled-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (kind: ModelKind, name: string): string => join(folder, kind, `${name}.json`);

const every: [kind: ModelKind, name: string][] = [];
for (const kind of MODEL_KINDS) {
  mkdirSync(join(folder, kind));
  for (const name of await modelFiles.list(kind)) {
    every.push([kind, name]);
    writeFileSync(fileOf(kind, name), await compileModel(kind, name));
  }
}

/** The shipped models, compiled; `changed` gives the text of a YAML file in place of its own. */
function compiledModels(changed: (kind: ModelKind, name: string) => string | undefined = () => undefined): {
  readonly models: ModelSource;
  /** "kind name" of each model that came compiled. */
  readonly used: string[];
} {
  const used: string[] = [];
  const read: ModelSource['read'] = async (kind, name) => {
    const model = await modelFiles.read(kind, name);
    return { ...model, text: changed(kind, name) ?? model.text };
  };
  const models: ModelSource = {
    list: (kind) => modelFiles.list(kind),
    read,
    async compiled(kind, name) {
      const found = await readCompiled(kind, name, read, folder);
      if (found) used.push(`${kind} ${name}`);
      return found;
    },
  };
  return { models, used };
}

describe('a compiled model', () => {
  it.each(every)('of %s, %s, is the one that its YAML gives, with all places', async (kind, name) => {
    const { models, used } = compiledModels();
    const [load, fromYaml] = LOADERS[kind];
    expect(await load(name, models)).toStrictEqual(await fromYaml(name, modelFiles));
    expect(used[0]).toBe(`${kind} ${name}`);
  });

  it('has its keys in the order of the loader', async () => {
    for (const [kind, name] of every) {
      const [load, fromYaml] = LOADERS[kind];
      const compiled = JSON.stringify(await load(name, compiledModels().models));
      expect(compiled).toBe(JSON.stringify(await fromYaml(name, modelFiles)));
    }
  });

  it('takes another circuit curve as the YAML does, with what is then noted and what the manifest lists', async () => {
    for (const device of ['ddr4-2400-8gb', 'lpddr5-6400']) {
      const compiled = createInputRecorder(() => {}, compiledModels().models);
      const plain = createInputRecorder();
      expect(await loadDevice(device, compiled.models, 'voltron-table')).toStrictEqual(
        await loadDevice(device, plain.models, 'voltron-table'),
      );
      expect(compiled.hashes()).toEqual(plain.hashes());
    }
  });

  it.each(every)('of %s, %s, gives the manifest the same files', async (kind, name) => {
    const compiled = createInputRecorder(() => {}, compiledModels().models);
    const plain = createInputRecorder();
    await LOADERS[kind][0](name, compiled.models);
    await LOADERS[kind][0](name, plain.models);
    expect(compiled.hashes()).toEqual(plain.hashes());
    expect(Object.keys(plain.hashes()).length).toBeGreaterThan(0);
  });
});

describe('a compiled model is not used', () => {
  const tRCD = (text: string): string => text.replace(/tRCD: .*/, 'tRCD: 20 ns');

  it('where its YAML has changed', async () => {
    const yaml = (await modelFiles.read('dram', 'ddr4-2400-8gb')).text;
    expect(tRCD(yaml)).not.toBe(yaml);
    const { models, used } = compiledModels((kind) => (kind === 'dram' ? tRCD(yaml) : undefined));
    const device = await loadDevice('ddr4-2400-8gb', models);
    expect(device.timing['tRCD']).toBe(20);
    expect(used).not.toContain('dram ddr4-2400-8gb');
    expect(used).toContain('standards ddr4');
  });

  it('where the device that it is based on has changed', async () => {
    const based = await Promise.all(
      (await modelFiles.list('dram')).map(async (name) => {
        const { text } = await modelFiles.read('dram', name);
        return { name, base: /^based_on: (\S+)/m.exec(text)?.[1] };
      }),
    );
    const { name, base } = based.find((one) => one.base !== undefined)!;
    const yaml = (await modelFiles.read('dram', base!)).text;
    const { models } = compiledModels((kind, other) =>
      kind === 'dram' && other === base ? tRCD(yaml) : undefined,
    );
    expect((await loadDevice(name, models)).timing['tRCD']).toBe(20);
  });

  it('where its standard, or its circuit curve, has changed', async () => {
    for (const [kind, other] of [
      ['standards', 'ddr4'],
      ['circuit', 'voltron-spice'],
    ] as const) {
      const yaml = (await modelFiles.read(kind, other)).text;
      const { models, used } = compiledModels((of, name) =>
        of === kind && name === other ? `${yaml}\n# another\n` : undefined,
      );
      await loadDevice('ddr4-2400-8gb', models);
      expect(used).not.toContain(`${kind} ${other}`);
    }
  });
});

describe('a broken compiled file', () => {
  const write = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  afterEach(() => write.mockClear());

  it.each([
    ['is cut short', 'voltron-table', (text: string) => text.slice(0, text.length - 40)],
    ['is empty', 'voltron-spice', () => ''],
    ['has another number', 'masa', (text: string) => text.replace(/(.*)1/s, '$12')],
    ['is of something else', 'salp-1', () => '{"model":1}\n{}\n'],
  ])('that %s is not used, and one line says so', async (_, name, damage) => {
    const kind = name.startsWith('voltron') ? 'circuit' : 'subarrays';
    const file = fileOf(kind, name);
    const sound = readFileSync(file, 'utf8');
    expect(damage(sound)).not.toBe(sound);
    writeFileSync(file, damage(sound));
    const [load, fromYaml] = LOADERS[kind];
    for (let i = 0; i < 2; i++) {
      const { models, used } = compiledModels();
      expect(await load(name, models)).toStrictEqual(await fromYaml(name, modelFiles));
      expect(used).toEqual([]);
    }
    const lines = write.mock.calls.map(([text]) => String(text));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^the compiled model .*\.json is broken: .*\n$/);
    writeFileSync(file, sound);
  });

  it('that is missing is no fault', async () => {
    rmSync(fileOf('circuit', 'voltron-table'));
    await loadCircuitCurve('voltron-table', compiledModels().models);
    expect(write).not.toHaveBeenCalled();
  });
});

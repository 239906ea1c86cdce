import { sha256 } from '../files/sha256.ts';
import { acceleratorFromYaml } from '../hardware/accelerator-from-yaml.ts';
import { circuitCurveFromYaml } from '../hardware/circuit-curve-from-yaml.ts';
import type { CompiledDevice, CompiledModels } from '../hardware/compiled-models.ts';
import { deviceFromYaml } from '../hardware/device-from-yaml.ts';
import { presetsFromYaml } from '../hardware/import/presets-from-yaml.ts';
import type { ModelKind, ModelSource } from '../hardware/model-source.ts';
import { standardFromYaml } from '../hardware/standard-from-yaml.ts';
import { subarraySchemeFromYaml } from '../hardware/subarray-scheme-from-yaml.ts';
import { voltageProfileFromYaml } from '../hardware/voltage-profile-from-yaml.ts';
import { type CompiledInput, formatCompiled, placeholderOf } from './compiled-text.ts';
import { modelFiles } from './model-files.ts';

/** Makes what is compiled of a model, by the loaders that read it from its YAML. */
const COMPILERS: {
  readonly [Kind in ModelKind]: (name: string, models: ModelSource) => Promise<CompiledModels[Kind]>;
} = {
  dram: compileDevice,
  standards: standardFromYaml,
  subarrays: subarraySchemeFromYaml,
  circuit: circuitCurveFromYaml,
  voltage: voltageProfileFromYaml,
  accelerators: acceleratorFromYaml,
  presets: presetsFromYaml,
};

/** The text of the compiled file of a shipped model. Throws what its loader throws. */
export async function compileModel(kind: ModelKind, name: string): Promise<string> {
  const inputs: CompiledInput[] = [];
  const model = await COMPILERS[kind](name, {
    list: (of) => modelFiles.list(of),
    async read(of, other) {
      const { text } = await modelFiles.read(of, other);
      if (!inputs.some((input) => input.kind === of && input.name === other))
        inputs.push({ kind: of, name: other, hash: sha256(text) });
      return { text, file: placeholderOf(of, other) };
    },
  });
  // The circuit curve of a device is compiled on its own, and may be replaced by another.
  const made = kind === 'dram' ? inputs.filter((input) => input.kind !== 'circuit') : inputs;
  return formatCompiled(model, made);
}

/** A device with the names that it gives for its standard and its curve in their place. */
async function compileDevice(name: string, models: ModelSource): Promise<CompiledDevice> {
  const named: Partial<Record<ModelKind, string>> = {};
  const device = await deviceFromYaml(name, {
    list: (kind) => models.list(kind),
    read(kind, other) {
      named[kind] = other;
      return models.read(kind, other);
    },
  });
  const { curve, ...supply } = device.supply;
  return {
    ...device,
    standard: named.standards!,
    supply: { ...supply, ...(curve ? { curve: named.circuit! } : {}) },
  };
}

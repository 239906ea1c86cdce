import type { Dataset } from '../../datasets/dataset.ts';
import { loadAccelerator } from '../../hardware/load-accelerator.ts';
import { loadDevice } from '../../hardware/load-device.ts';
import { loadVoltageProfile } from '../../hardware/load-voltage-profile.ts';
import type { ModelKind, ModelSource } from '../../hardware/model-source.ts';
import { readBytes } from '../files.ts';
import { programVersion, sha256 } from '../manifest.ts';
import { modelFiles } from '../model-files.ts';
import { readDataset } from '../read-dataset.ts';
import { readNetwork } from '../read-network.ts';
import { weightsOf } from './batch.ts';
import type { SweepPlan, SweepPoint } from './plan.ts';
import type { SweepHeader } from './store.ts';

/** Datasets by name, each read once, in shared memory. */
export type DatasetLibrary = (name: string) => Promise<Dataset>;

export function createDatasetLibrary(): DatasetLibrary {
  const read = new Map<string, Promise<Dataset>>();
  return (name) => {
    let dataset = read.get(name);
    if (!dataset) {
      dataset = readDataset(name);
      read.set(name, dataset);
    }
    return dataset;
  };
}

/** The inputs of a plan: a hash of each, and what the estimate needs. */
export interface SweepInputs {
  readonly header: SweepHeader;
  /** Neurons by the name of the weights. */
  readonly neurons: ReadonlyMap<string, number>;
}

/**
 * Reads every input that the points name, the models that these name in turn included, and takes the sweep's
 * fingerprint of plan, inputs and version. Throws InputError for an input that cannot be read, before any work.
 */
export async function readSweepInputs(
  plan: SweepPlan,
  points: readonly SweepPoint[],
  datasets: DatasetLibrary,
): Promise<SweepInputs> {
  const inputs: Record<string, string> = {};
  const neurons = new Map<string, number>();
  const each = async (role: string, names: readonly string[], hash: (name: string) => Promise<string>) => {
    for (const name of [...new Set(names)].sort()) inputs[`${role} ${name}`] = await hash(name);
  };
  await each(
    'weights',
    points.map(({ settings }) => weightsOf(settings)),
    async (name) => {
      const { network, bytes } = await readNetwork(name);
      neurons.set(name, network.neurons);
      return sha256(bytes);
    },
  );
  const models = recordModels(modelFiles);
  const named = (axis: 'device' | 'profile' | 'accelerator' | 'dataset'): string[] => [
    ...new Set(points.map(({ settings }) => settings[axis])),
  ];
  for (const name of named('device')) await loadDevice(name, models.source);
  for (const name of named('profile')) await loadVoltageProfile(name, models.source);
  for (const name of named('accelerator')) await loadAccelerator(name, models.source);
  for (const [role, text] of [...models.read].sort(([a], [b]) => (a < b ? -1 : 1)))
    inputs[role] = sha256(text);
  await each(
    'weak-cells',
    points.flatMap(({ settings }) => settings['weak-cells'] ?? []),
    async (file) => sha256(await readBytes(file)),
  );
  await each(
    'prior',
    points.flatMap(({ settings }) => settings.prior ?? []),
    async (name) => sha256((await readNetwork(name)).bytes),
  );
  await each('dataset', named('dataset'), async (name) => {
    const { test } = await datasets(name);
    return sha256(`${sha256(test.pixels)} ${sha256(test.labels)}`);
  });
  const version = await programVersion();
  const fingerprint = sha256(JSON.stringify({ version, plan, inputs }));
  return {
    header: { program: 'sparkxd', version, command: 'sweep', fingerprint, plan, inputs },
    neurons,
  };
}

/** A source of models that remembers the text of each model read through it, by its role and name. */
function recordModels(source: ModelSource): { source: ModelSource; read: ReadonlyMap<string, string> } {
  const read = new Map<string, string>();
  return {
    read,
    source: {
      list: (kind) => source.list(kind),
      async read(kind, name) {
        const model = await source.read(kind, name);
        read.set(`${ROLES[kind]} ${name}`, model.text);
        return model;
      },
    },
  };
}

const ROLES: Readonly<Record<ModelKind, string>> = {
  dram: 'device',
  standards: 'standard',
  subarrays: 'subarray-scheme',
  circuit: 'circuit-curve',
  voltage: 'profile',
  accelerators: 'accelerator',
};

import { resolve } from 'node:path';
import type { Dataset } from '../../datasets/dataset.ts';
import { readBytes } from '../files.ts';
import { programVersion, sha256 } from '../manifest.ts';
import { modelFiles } from '../model-files.ts';
import { readDataset, SHIPPED_DATASETS } from '../read-dataset.ts';
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
 * Reads every input that the points name and takes the sweep's fingerprint of plan, inputs and version. Throws
 * InputError for an input that cannot be read, before any work. Shipped datasets are known by their name: their bytes
 * belong to the version.
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
  const named = (axis: 'device' | 'profile' | 'accelerator' | 'dataset') =>
    points.map(({ settings }) => settings[axis]);
  await each(
    'weights',
    points.map(({ settings }) => weightsOf(settings)),
    async (name) => {
      const { network, bytes } = await readNetwork(name);
      neurons.set(name, network.neurons);
      return sha256(bytes);
    },
  );
  await each('device', named('device'), async (name) => sha256((await modelFiles.read('dram', name)).text));
  await each('profile', named('profile'), async (name) =>
    sha256((await modelFiles.read('voltage', name)).text),
  );
  await each('accelerator', named('accelerator'), async (name) =>
    sha256((await modelFiles.read('accelerators', name)).text),
  );
  await each(
    'weak-cells',
    points.flatMap(({ settings }) => settings['weak-cells'] ?? []),
    async (file) => sha256(await readBytes(file)),
  );
  const isShipped = (name: string): boolean => SHIPPED_DATASETS.some((shipped) => shipped === name);
  await each(
    'dataset',
    named('dataset').filter((name) => !isShipped(name)),
    async (name) => {
      const { test } = await datasets(resolve(name));
      return sha256(`${sha256(test.pixels)} ${sha256(test.labels)}`);
    },
  );
  const version = await programVersion();
  const fingerprint = sha256(JSON.stringify({ version, plan, inputs }));
  return {
    header: { program: 'sparkxd', version, command: 'sweep', fingerprint, plan, inputs },
    neurons,
  };
}

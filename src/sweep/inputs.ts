import type { Dataset } from '../datasets/dataset.ts';
import { programVersion } from '../files/package.ts';
import { hashFile, readBytes } from '../files/read-file.ts';
import { sha256 } from '../files/sha256.ts';
import type { Device } from '../hardware/device.ts';
import { loadAccelerator } from '../hardware/load-accelerator.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { loadVoltageProfile } from '../hardware/load-voltage-profile.ts';
import type { ModelKind, ModelSource } from '../hardware/model-source.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { isMappingFile, openAddressMapping } from '../inputs/open-address-mapping.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork } from '../inputs/read-network.ts';
import { AXIS_NAMES, axesOfKind, isReplay, isRun, settingsOf, valueOn } from './axes.ts';
import type { InputSizes } from './cost.ts';
import type { SweepPlan, SweepPoint } from './plan.ts';
import { weightsOf } from './point-groups.ts';
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
  readonly sizes: InputSizes;
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
  const networks = new Map<string, { neurons: number; weights: number }>();
  const traces = new Map<string, number>();
  const each = async (role: string, names: readonly string[], hash: (name: string) => Promise<string>) => {
    for (const name of [...new Set(names)].sort()) inputs[`${role} ${name}`] = await hash(name);
  };
  const all = points.map(({ settings }) => settings);
  const replayed = all.filter(isReplay);
  const run = all.filter(isRun);
  await each('weights', run.map(weightsOf), async (name) => {
    const { network, bytes } = await readNetwork(name);
    networks.set(name, { neurons: network.neurons, weights: network.weights.length });
    return sha256(bytes);
  });
  await each(
    'trace',
    replayed.map(({ trace }) => trace),
    async (file) => {
      const { bytes, hash } = await hashFile(file);
      traces.set(file, bytes);
      return hash;
    },
  );
  const models = recordModels(modelFiles);
  const devices = new Map<string, Device>();
  for (const name of new Set(all.map(({ device }) => device)))
    devices.set(name, await loadDevice(name, models.source));
  for (const name of new Set(run.map(({ profile }) => profile)))
    await loadVoltageProfile(name, models.source);
  for (const name of new Set(run.map(({ accelerator }) => accelerator)))
    await loadAccelerator(name, models.source);
  for (const scheme of new Set(all.flatMap(({ subarrays }) => subarrays ?? [])))
    await models.source.read('subarrays', scheme);
  for (const [role, text] of [...models.read].sort(([a], [b]) => (a < b ? -1 : 1)))
    inputs[role] = sha256(text);
  for (const { device, 'address-mapping': mapping } of replayed)
    await openAddressMapping(mapping, devices.get(device)!.organisation);
  await each(
    'address-mapping',
    replayed.map((settings) => settings['address-mapping']).filter(isMappingFile),
    async (file) => sha256(await readBytes(file)),
  );
  await each(
    'weak-cells',
    run.flatMap((settings) => settings['weak-cells'] ?? []),
    async (file) => sha256(await readBytes(file)),
  );
  await each(
    'prior',
    run.flatMap(({ prior }) => prior ?? []),
    async (name) => sha256((await readNetwork(name)).bytes),
  );
  await each(
    'dataset',
    run.map(({ dataset }) => dataset),
    async (name) => {
      const { test } = await datasets(name);
      return sha256(`${sha256(test.pixels)} ${sha256(test.labels)}`);
    },
  );
  const version = await programVersion();
  const fingerprint = sha256(JSON.stringify({ version, plan, inputs }));
  const defaults = defaultsOf(plan);
  return {
    header: { program: 'sparkxd', version, command: 'sweep', fingerprint, plan, defaults, inputs },
    sizes: { networks, traces },
  };
}

/** What every point has on the axes that the plan does not name. */
export function defaultsOf({ axes }: SweepPlan): SweepHeader['defaults'] {
  const [trace] = axes.trace ?? [];
  const settings = settingsOf({ ...(trace === undefined ? {} : { trace }), supply: 1 });
  const unnamed = axesOfKind(trace !== undefined).filter((axis) => axes[axis] === undefined);
  // `weights` takes the place of `network`.
  const stated = unnamed.filter((axis) => axis !== 'network' || axes.weights === undefined);
  return Object.fromEntries(
    AXIS_NAMES.filter((axis) => stated.includes(axis)).flatMap((axis) => {
      const value = valueOn(settings, axis);
      return value === undefined ? [] : [[axis, value]];
    }),
  );
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

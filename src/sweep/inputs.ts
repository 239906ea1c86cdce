import type { Dataset } from '../datasets/dataset.ts';
import { requireCurrents } from '../energy/energy-of.ts';
import { InputError } from '../errors/input-error.ts';
import { noteReplayInputs } from '../experiments/check-replay.ts';
import { programVersion } from '../files/package.ts';
import { hashFile, readBytes } from '../files/read-file.ts';
import { sha256 } from '../files/sha256.ts';
import type { Device } from '../hardware/device.ts';
import { loadAccelerator } from '../hardware/load-accelerator.ts';
import { loadCircuitCurve } from '../hardware/load-circuit-curve.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { imageSetHash } from '../inputs/image-set-hash.ts';
import { openAddressMapping } from '../inputs/open-address-mapping.ts';
import { openMap } from '../inputs/open-chip.ts';
import { openProfile } from '../inputs/open-profile.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readAnyNetwork, readNetwork } from '../inputs/read-network.ts';
import { readSamples } from '../inputs/read-samples.ts';
import { createInputRecorder, type Remark } from '../inputs/recorder.ts';
import type { ReplayJob } from '../settings/jobs/replay.ts';
import { type LayeredNetwork, sizeOf, weightTensors } from '../snn/layers/layered-network.ts';
import type { Network } from '../snn/network.ts';
import { isReplay, isRun } from './axes.ts';
import type { InputSizes, NetworkSize } from './cost.ts';
import { defaultsOf, type SweepPlan, type SweepPoint } from './plan.ts';
import { groupPoints, replays, weightsOf } from './point-groups.ts';
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
  const networks = new Map<string, NetworkSize>();
  const layered = new Set<string>();
  const traces = new Map<string, number>();
  const recorder = createInputRecorder();
  const { models, note, noteHash, hashes } = recorder;
  const all = points.map(({ settings }) => settings);
  const replayed = all.filter(isReplay);
  const run = all.filter(isRun);
  for (const name of new Set(run.map(weightsOf))) {
    const read = await readAnyNetwork(name, note);
    networks.set(name, read.kind === 'layered' ? sizeOfLayers(read.network) : sizeOfMatrix(read.network));
    if (read.kind === 'layered') layered.add(name);
  }
  for (const file of new Set(replayed.map(({ trace }) => trace))) {
    const { bytes, hash } = await hashFile(file);
    traces.set(file, bytes);
    noteHash('trace', file, hash);
  }
  const devices = new Map<string, Device>();
  for (const name of new Set(all.map(({ device }) => device)))
    devices.set(name, await loadDevice(name, models));
  for (const name of new Set(all.flatMap(({ latencyCurve }) => latencyCurve ?? [])))
    await loadCircuitCurve(name, models);
  for (const { device } of run) requireCurrents(devices.get(device)!);
  const errors = new Map(
    run.map(({ device, profile }) => [JSON.stringify([device, profile]), { device, profile }]),
  );
  for (const { device, profile } of errors.values())
    await openProfile(profile, devices.get(device)!, { models, remark() {} });
  for (const name of new Set(run.map(({ accelerator }) => accelerator))) await loadAccelerator(name, models);
  for (const scheme of new Set(all.flatMap(({ subarrays }) => subarrays ?? [])))
    await models.read('subarrays', scheme);
  for (const { device, addressMapping } of replayed)
    await openAddressMapping(addressMapping, devices.get(device)!.organisation, note);
  for (const file of new Set(run.flatMap(({ weakCells }) => weakCells ?? [])))
    note('weak_cells', file, await readBytes(file));
  for (const name of new Set(run.flatMap(({ prior }) => prior ?? []))) await readNetwork(name, note, 'prior');
  const shown = (layers: boolean): Set<string> =>
    new Set(run.filter((point) => layered.has(weightsOf(point)) === layers).map(({ dataset }) => dataset));
  for (const name of shown(true)) await readSamples(name, { parts: ['test'], noteHash });
  for (const name of shown(false)) {
    const { test } = await datasets(name);
    noteHash('dataset', name, imageSetHash(test));
  }
  for (const job of distinctReplays(points)) {
    try {
      await noteReplayInputs(job, recorder, datasets);
    } catch (error) {
      // The points of this job fail with this error.
      if (!(error instanceof InputError)) throw error;
    }
  }
  const inputs = hashes();
  const version = await programVersion();
  const fingerprint = sha256(JSON.stringify({ version, plan, inputs }));
  const defaults = defaultsOf(plan);
  return {
    header: { program: 'sparkxd', version, command: 'sweep', fingerprint, plan, defaults, inputs },
    sizes: { networks, traces },
  };
}

const sizeOfMatrix = ({ neurons, weights }: Network): NetworkSize => ({ neurons, weights: weights.length });

/** All neurons, and the weights of all tensors. */
const sizeOfLayers = (network: LayeredNetwork): NetworkSize => ({
  neurons: network.layers.reduce(
    (sum, { kind, shape }) => (kind === 'neurons' || kind === 'competition' ? sum + sizeOf(shape) : sum),
    0,
  ),
  weights: weightTensors(network).reduce((sum, { weights }) => sum + weights.length, 0),
});

/** A job for each way in which the points replay their traces. */
const distinctReplays = (points: readonly SweepPoint[]): ReplayJob[] =>
  groupPoints(points).flatMap(({ job }) => (replays(job) ? [job] : []));

/** Says for each measured map of the points what is assumed of the cells that it does not list; a map at fault says nothing here. */
export async function remarkMaps(points: readonly SweepPoint[], remark: Remark): Promise<void> {
  const maps = new Map<string, { device: string; profile: string | undefined; file: string }>();
  for (const { settings } of points) {
    if (!isRun(settings) || settings.weakCells === undefined) continue;
    const { device, profile, weakCells: file } = settings;
    maps.set(JSON.stringify([device, profile, file]), { device, profile, file });
  }
  for (const { file, ...memory } of maps.values())
    try {
      await openMap(memory, file, 1, createInputRecorder(remark));
    } catch (error) {
      // The points that need it fail with this error.
      if (!(error instanceof InputError)) throw error;
    }
}

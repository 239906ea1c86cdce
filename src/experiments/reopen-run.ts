import { z } from 'zod';
import type { Dataset } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import { InputError } from '../errors/input-error.ts';
import type { Chip } from '../faults/weak-cells-at.ts';
import { programVersion } from '../files/package.ts';
import { readBytes } from '../files/read-file.ts';
import { sha256 } from '../files/sha256.ts';
import type { Device } from '../hardware/device.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { loadVoltageProfile } from '../hardware/load-voltage-profile.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork } from '../inputs/read-network.ts';
import { contextOf, readPrior } from '../inputs/read-prior.ts';
import type { Network } from '../snn/network.ts';
import { keptInputsOf } from '../sparkxd/kept-inputs.ts';
import { type StoredWeights, storeWeights } from '../sparkxd/stored-weights.ts';
import { openChips, type VoltageJob } from './run.ts';

/** The memory of a run and the weights in it, made again from the run's manifest. */
export interface MemoryInputs {
  readonly job: VoltageJob;
  readonly device: Device;
  readonly profile: VoltageProfile;
  /** The first chip of the run, or the one that its map lists. */
  readonly chip: Chip;
  readonly network: Network;
  readonly weights: StoredWeights;
  /** What the run's repair needs besides. */
  readonly context: ReturnType<typeof contextOf>;
  /** The run's images; only where its traffic or its weights follow from them. */
  readonly dataset: Dataset | undefined;
}

/** What is relied on before the job itself is read; a run of this version states the rest, too. */
const manifestSchema = z.looseObject({
  version: z.string(),
  configuration: z.looseObject({
    ...{ weights: z.string(), dataset: z.string(), device: z.string(), profile: z.string() },
    ...{ accelerator: z.string(), format: z.string(), ecc: z.string(), timing: z.string() },
    ...{ repair: z.string(), workload: z.string(), errorModel: z.number(), seed: z.number() },
    ...{ chips: z.int().min(1), berLimit: z.number() },
    supplies: z.array(z.number()).min(1),
    mappings: z.array(z.string()).min(1),
  }),
  inputs: z.record(z.string(), z.string()),
});

/**
 * Reads what a run's manifest (its text) names. Throws InputError where the memory cannot be made again: results of
 * another version, inputs that are gone, or that are no longer those of the run.
 */
export async function openMemory(manifest: string): Promise<MemoryInputs> {
  const { data: stated } = manifestSchema.safeParse(JSON.parse(manifest));
  if (!stated) throw new InputError('the manifest does not state all settings of a run');
  const version = await programVersion();
  if (stated.version !== version)
    throw new InputError(`the results are of sparkxd ${stated.version}, this is ${version}`);
  const job = stated.configuration as unknown as VoltageJob;
  const same = (role: string, name: string, content: Uint8Array | string): void => {
    if (sha256(content) !== stated.inputs[role])
      throw new InputError(`${name} is not what the run read: its SHA-256 is another`);
  };
  const text = async (kind: 'dram' | 'voltage', name: string) => (await modelFiles.read(kind, name)).text;
  same('device', job.device, await text('dram', job.device));
  same('voltage_profile', job.profile, await text('voltage', job.profile));
  if (job.weakCells !== undefined) same('weak_cells', job.weakCells, await readBytes(job.weakCells));
  const [device, profile, stored] = await Promise.all([
    loadDevice(job.device, modelFiles),
    loadVoltageProfile(job.profile, modelFiles),
    readNetwork(job.weights),
  ]);
  same('weights', job.weights, stored.bytes);
  const prior = await readPrior(job, stored);
  if (prior) same('prior', job.prior!, prior.bytes);
  const { network } = stored;
  const imagesDecide = job.workload === 'event' || job.pruneInputs !== undefined;
  const dataset = imagesDecide ? await readDataset(job.dataset) : undefined;
  if (dataset) {
    const { pixels } = firstImages(dataset.test, job.images, `test images of ${dataset.name}`);
    same('test_images', job.dataset, pixels);
  }
  const kept = dataset && keptInputsOf(network, dataset, job.pruneInputs);
  const [chip] = await openChips({ ...job, chips: 1 }, device, profile);
  return {
    ...{ job, device, profile, network, dataset, context: contextOf(prior) },
    chip: chip!,
    weights: storeWeights(network, job, device, kept),
  };
}

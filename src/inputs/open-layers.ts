import { type ImageSet, type Split, sliceImages } from '../datasets/dataset.ts';
import { type EventSet, sliceSamples } from '../datasets/event-set.ts';
import { InputError } from '../errors/input-error.ts';
import { requireNoObstacles } from '../errors/obstacles.ts';
import { type LayeredChoice, runnableNetwork } from '../settings/layered-settings.ts';
import type { RunnableNetwork } from '../snn/layers/layered-network.ts';
import { validateRunnable } from '../snn/layers/validate-layered.ts';
import { trainingShare } from '../snn/recipes.ts';
import { firstSamples, type LayeredSamples, requireSamplesFit } from '../sparkxd/layered-samples.ts';
import type { StoredLayers } from './read-network.ts';
import { type Part, readSamples, type Samples } from './read-samples.ts';
import type { InputRecorder } from './recorder.ts';

/** A layered network that is ready to run, and what it is shown. */
export interface OpenLayers {
  readonly stored: StoredLayers;
  readonly runnable: RunnableNetwork;
  /** Name of the data. */
  readonly dataset: string;
  readonly samples: LayeredSamples;
  /** Samples of a split, the first `count` of them. */
  split(split: Split, count?: number): LayeredSamples;
}

/** What a job says of them. */
export interface LayersJob extends LayeredChoice {
  readonly dataset: string;
  readonly split?: Split;
  readonly images?: number | undefined;
  /** Parts of event data that are read (default: those of the split). */
  readonly parts?: readonly Part[];
}

/**
 * Reads the samples that a job shows a layered network, and completes the network by the job's settings. `samplesOf` gives data
 * by name where they are in memory already. Throws InputError for data that do not fit the network, and for what nobody says.
 */
export async function openLayers(
  job: LayersJob,
  stored: StoredLayers,
  recorder: InputRecorder,
  samplesOf: (name: string) => Promise<Samples> = (name) =>
    readSamples(name, {
      parts: job.parts ?? (job.split === 'validation' ? ['train'] : ['test']),
      noteHash: recorder.noteHash,
    }),
): Promise<OpenLayers> {
  const found = await samplesOf(job.dataset);
  const runnable = runnableNetwork(stored, job, found.kind, recorder.remark);
  requireNoObstacles(validateRunnable(runnable), { file: stored.file });
  const split = (which: Split, count?: number): LayeredSamples => {
    const of = `${which} samples of ${found.name}`;
    const samples = firstSamples(splitOf(found, which), count, of);
    requireSamplesFit(stored.network, stored.file, samples, found.name);
    return samples;
  };
  return { stored, runnable, dataset: found.name, samples: split(job.split ?? 'test', job.images), split };
}

/** The test part, or the end of the training part that is kept for validation. */
function splitOf(found: Samples, split: Split): LayeredSamples {
  if (found.kind === 'images') {
    const { train, test } = found;
    return { kind: 'images', set: split === 'test' ? test : validation<ImageSet>(train, sliceImages) };
  }
  const part = split === 'test' ? found.test : found.train;
  if (part === undefined)
    throw new InputError(`${found.name} has no ${split === 'test' ? 'test' : 'training'} part`, {
      remedy: 'name a folder with both parts',
    });
  return { kind: 'events', set: split === 'test' ? part : validation<EventSet>(part, sliceSamples) };
}

const validation = <T extends { readonly count: number }>(
  set: T,
  slice: (set: T, from: number, to: number) => T,
): T => slice(set, trainingShare(set.count), set.count);

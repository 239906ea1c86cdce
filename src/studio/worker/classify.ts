import { sliceImages } from '../../datasets/dataset.ts';
import type { RunInputs } from '../../experiments/run-inputs.ts';
import type { RunJob } from '../../settings/jobs/run.ts';
import { type Accuracy, scorePredictions } from '../../sparkxd/accuracy.ts';
import { requireResponses } from '../../weights/network-file.ts';
import type { FromImages, ToImages } from './image-worker.ts';

/** Accuracy over the images that were shown so far. */
export interface AccuracySoFar {
  readonly read: Accuracy;
  readonly clean: Accuracy;
}

/** Shows images to a network, portion by portion, in workers of their own. */
export interface Classifier {
  /**
   * Classes of the weights as read and as trained. `onAccuracy` gets the accuracy over all images from the first to the last of
   * a portion, after each portion; nothing more once `isStale`.
   */
  classify(
    inputs: RunInputs,
    job: RunJob,
    weights: Float32Array,
    isStale: () => boolean,
    onAccuracy: (accuracy: AccuracySoFar) => void,
  ): Promise<void>;
}

/** Images of a portion: few at first, for a first figure soon. */
const FIRST_PORTION = 50;
const PORTION = 125;

/** The weights as trained, and as read. */
const CLEAN = 0;
const READ = 1;

interface Helper {
  readonly worker: Worker;
  /** Classes of a share of the images. */
  share(message: Extract<ToImages, { kind: 'share' }>): Promise<FromImages>;
}

function createHelper(): Helper {
  const worker = new Worker(new URL('./image-worker.ts', import.meta.url), { type: 'module' });
  let last: Promise<unknown> = Promise.resolve();
  return {
    worker,
    share(message) {
      const done = last.then(
        () =>
          new Promise<FromImages>((resolve, reject) => {
            worker.onmessage = ({ data }: MessageEvent<FromImages>) => resolve(data);
            worker.onerror = ({ message: what }) => reject(new Error(what));
            worker.postMessage(message);
          }),
      );
      last = done.catch(() => {});
      return done;
    },
  };
}

/** A classifier with so many workers. */
export function createClassifier(workers: number): Classifier {
  const helpers = Array.from({ length: workers }, createHelper);
  let opened: { readonly inputs: RunInputs; readonly vote: string; readonly clean: Uint8Array } | undefined;
  const tellAll = (message: ToImages): void => {
    for (const { worker } of helpers) worker.postMessage(message);
  };

  function open(inputs: RunInputs, job: RunJob): Uint8Array {
    if (opened?.inputs === inputs && opened.vote === job.vote) return opened.clean;
    const { network, file } = inputs.stored;
    const { images } = inputs;
    const settings = { responses: requireResponses(network, file), vote: job.vote, seed: job.seed };
    tellAll({ kind: 'open', network, images, settings });
    tellAll({ kind: 'weights', key: CLEAN, weights: network.weights });
    const clean = new Uint8Array(images.count).fill(NOT_SHOWN);
    opened = { inputs, vote: job.vote, clean };
    return clean;
  }

  return {
    async classify(inputs, job, weights, isStale, onAccuracy) {
      const { images } = inputs;
      const clean = open(inputs, job);
      tellAll({ kind: 'weights', key: READ, weights });
      const read = new Uint8Array(images.count).fill(NOT_SHOWN);
      const portions = portionsOf(images.count);
      let next = 0;
      let reported = 0;
      await Promise.all(
        helpers.map(async (helper) => {
          while (next < portions.length && !isStale()) {
            const { from, to } = portions[next++]!;
            const known = clean.subarray(from, to).every((label) => label !== NOT_SHOWN);
            const keys = known ? [READ] : [READ, CLEAN];
            const [asRead, asTrained] = await helper.share({ kind: 'share', keys, from, to });
            read.set(asRead!, from);
            if (asTrained) clean.set(asTrained, from);
            if (isStale()) return;
            const shown = shownOf(read, portions);
            if (shown === reported) continue;
            reported = shown;
            const part = sliceImages(images, 0, shown);
            onAccuracy({ read: scorePredictions(read, part), clean: scorePredictions(clean, part) });
          }
        }),
      );
    },
  };
}

/** No class: an image that was not shown yet. Classes are below it, and so is the mark of silence. */
const NOT_SHOWN = 254;

interface Portion {
  readonly from: number;
  readonly to: number;
}

function portionsOf(images: number): Portion[] {
  const portions: Portion[] = [];
  for (let from = 0; from < images; ) {
    const to = Math.min(images, from + (from < 2 * FIRST_PORTION ? FIRST_PORTION : PORTION));
    portions.push({ from, to });
    from = to;
  }
  return portions;
}

/** Images from the first on whose portions are all done. */
function shownOf(classes: Uint8Array, portions: readonly Portion[]): number {
  const open = portions.find(({ from, to }) => classes.subarray(from, to).includes(NOT_SHOWN));
  return open === undefined ? classes.length : open.from;
}

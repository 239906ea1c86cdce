import type { LabelledImages } from '../snn/images.ts';
import type { Network } from '../snn/network.ts';
import type { TrainingRecipe } from '../snn/recipe.ts';
import { MAXIMUM_WEIGHT } from '../snn/stdp.ts';
import {
  finished,
  type OpenTraining,
  openTraining,
  type ReadMemory,
  type TrainingHooks,
} from '../snn/train.ts';
import type { FaultyMemory } from './faulty-memory.ts';

/**
 * Which errors the neurons meet while they learn: `fixed` is the map of weak cells that inference will meet, read after
 * reading; `fresh` is another map at each reading, none of them inference's.
 */
export const ERROR_MAPS = ['fixed', 'fresh'] as const;
export type ErrorMaps = (typeof ERROR_MAPS)[number];

export interface FaultAwareness {
  readonly errorMaps: ErrorMaps;
  /** Presentations from one reading of the whole memory to the next. */
  readonly readEvery: number;
}

/**
 * Trains with a faulty memory between the weights that learn and the neurons: STDP changes what is stored, what drives
 * the neurons is what was read. Under a fixed map, weights that the loader could not make plausible are pruned. Without
 * errors the result is that of `trainNetwork`, bit by bit.
 */
export const trainFaultAware = (...memoryAndImages: Parameters<typeof openFaultAwareTraining>): Network =>
  finished(openFaultAwareTraining(...memoryAndImages));

/** The same in portions. */
export function openFaultAwareTraining(
  recipe: TrainingRecipe,
  images: LabelledImages,
  memory: FaultyMemory,
  { errorMaps, readEvery }: FaultAwareness,
  hooks: Omit<TrainingHooks, 'read'> = {},
): OpenTraining {
  const fixed = errorMaps === 'fixed';
  const read: ReadMemory = (stored, presentation) => {
    if (presentation % readEvery !== 0) return undefined;
    const progress = presentation / recipe.presentations;
    const map = fixed ? 0 : 1 + presentation / readEvery;
    const learnt = stored();
    const weights = fixed ? pruneDamaged(learnt, memory, progress) : learnt;
    return { weights: memory.read(weights, map, progress), intended: memory.readSound(learnt) };
  };
  const { advance, network } = openTraining(recipe, images, { ...hooks, read });
  return {
    advance,
    network() {
      const trained = network();
      return fixed ? { ...trained, weights: pruneDamaged(trained.weights, memory, 1) } : trained;
    },
  };
}

/**
 * Fault-aware pruning: a weight that would be read beyond what any weight can be is stored as 0 instead. Of a 0 the top
 * exponent bit makes 2, of another weight up to 1e38. Where the loader clamps, and in integer formats, it finds nothing
 * worth pruning.
 */
export function pruneDamaged(weights: Float32Array, memory: FaultyMemory, progress: number): Float32Array {
  const read = memory.read(weights, 0, progress);
  // Written so that NaN counts as beyond.
  return weights.map((weight, k) => (Math.abs(read[k]!) <= LARGEST_READ ? weight : 0));
}

/** Two's complement reaches a little below -1: -128/127 with 8 bits, -8/7 with 4. */
const LARGEST_READ = MAXIMUM_WEIGHT * (8 / 7);

import { mean } from '../stats/moments.ts';
import { type Accuracy, scoreMarks } from './accuracy.ts';

/** What each of several inferences, one after the other, gave. */
export interface InferenceRecord {
  /** 1 where the inference answered its image's label, 0 elsewhere. */
  readonly marks: Uint8Array;
  /** Wrong bits among those that DRAM gave back for the inference. */
  readonly wrongBits: readonly number[];
}

/** Inferences by how many came before them since the weights were written: from `from` to `to`, both included. */
export interface AgeBlock {
  readonly from: number;
  readonly to: number;
  readonly accuracy: Accuracy;
  /** Mean over the inferences of the block. */
  readonly wrongBitsPerInference: number;
}

/**
 * Accuracy and wrong bits by the number of inferences since the weights were written. The weights are written before the
 * first inference and then after every `rewriteEvery`, if at all. Blocks are 0, 1, 2-3, 4-7, ...: what changes does so in the
 * first inferences, and later blocks have more images.
 */
export function byInferencesSinceWriting(
  { marks, wrongBits }: InferenceRecord,
  rewriteEvery: number = marks.length,
): AgeBlock[] {
  const ages = Math.min(rewriteEvery, marks.length);
  const blocks: AgeBlock[] = [];
  for (let from = 0; from < ages; from = Math.max(1, 2 * from)) {
    const to = Math.min(from === 0 ? 0 : 2 * from - 1, ages - 1);
    const within = (inference: number): boolean => {
      const age = inference % rewriteEvery;
      return age >= from && age <= to;
    };
    blocks.push({
      from,
      to,
      accuracy: scoreMarks(marks.filter((_, inference) => within(inference))),
      wrongBitsPerInference: mean(wrongBits.filter((_, inference) => within(inference))),
    });
  }
  return blocks;
}

import { InputError } from '../errors/input-error.ts';
import { writeWhole } from '../files/write-file.ts';
import type { Remark } from '../inputs/recorder.ts';
import { OVER_TIME_TABLE, type OverTimeRow } from '../results/tables.ts';
import { tableCsv } from '../results/write-rows.ts';
import { requireRewriting } from '../sparkxd/memory-rules.ts';
import { byInferencesSinceWriting, type InferenceRecord } from '../sparkxd/over-time.ts';
import type { ReadDraw } from '../sparkxd/read-draws.ts';

/** Settings of weights whose wrong values stay in the memory. */
export interface PersistenceChoice {
  readonly draw: ReadDraw;
  readonly rewriteEvery?: number;
  readonly overTime?: string;
}

const NOTHING_GROWS =
  'every weak cell flips at each activation (or there is none): nothing grows over time, and writing the weights anew changes nothing';

/** Throws InputError for settings that mean nothing where no wrong value stays in the memory. */
export function requirePersistence(choice: PersistenceChoice): void {
  requireRewriting(choice);
  if (choice.overTime !== undefined && choice.draw !== 'persistent')
    throw new InputError(
      `with --draw ${choice.draw} no wrong value stays in the memory: nothing grows over time`,
      {
        remedy: 'give --draw persistent with --over-time, or leave it out',
      },
    );
}

/**
 * Says what the writing of the weights leaves out, and where nothing can grow over time. `grows` is whether a flip of some
 * cell is uncertain. Throws InputError for a file of what does not grow.
 */
export function remarkPersistence(
  choice: PersistenceChoice,
  grows: boolean,
  remark: Remark | undefined,
): void {
  const { draw, rewriteEvery, overTime } = choice;
  if (draw !== 'persistent') return;
  if (!grows && overTime !== undefined)
    throw new InputError(NOTHING_GROWS, {
      remedy: 'leave out --over-time, or give a --flip-probability below 1 and a supply with bit errors',
    });
  if (!grows) remark?.(`--draw persistent: ${NOTHING_GROWS}`);
  if (rewriteEvery !== undefined)
    remark?.(
      `the weights are written anew after every ${rewriteEvery} inferences; time and energy of these writes are not counted`,
    );
}

/** The rows of one simulation, or of one point of a replay. */
export const overTimeRows = (
  record: InferenceRecord,
  rewriteEvery: number | undefined,
  { supply_V, chip }: Pick<OverTimeRow, 'supply_V' | 'chip'>,
): OverTimeRow[] =>
  byInferencesSinceWriting(record, rewriteEvery).map(({ from, to, accuracy, wrongBitsPerInference }) => ({
    supply_V,
    chip,
    rewrite_every: rewriteEvery,
    inferences_from: from,
    inferences_to: to,
    images: accuracy.images,
    accuracy: accuracy.accuracy,
    accuracy_low: accuracy.low,
    accuracy_high: accuracy.high,
    wrong_bits_read_per_inference: wrongBitsPerInference,
  }));

/** Writes the rows as CSV. Throws InputError when the file cannot be written. */
export const writeOverTime = async (file: string, rows: readonly OverTimeRow[]): Promise<void> =>
  writeWhole(file, await tableCsv(OVER_TIME_TABLE, rows));

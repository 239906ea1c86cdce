import type { ImageSet } from '../datasets/dataset.ts';
import { type EventSet, spanOf } from '../datasets/event-set.ts';
import { PARTS, type Part, readSamples } from '../inputs/read-samples.ts';
import { DATASETS_SHOW, type DatasetsShowInput } from '../settings/jobs/datasets-show.ts';
import { completeJob } from '../settings/parse-job.ts';

/** What one part of a dataset holds. */
export interface PartSummary {
  readonly part: Part;
  readonly samples: number;
  readonly classes: number;
  /** Samples of each class. */
  readonly class_samples: readonly number[];
  /** Of the input: (rows, columns) of images, as the set says for events. */
  readonly shape: readonly number[];
  readonly events?: EventSummary;
}

/** The events of a part. */
export interface EventSummary {
  readonly total: number;
  /** Events of the samples with fewest and with most. */
  readonly fewest: number;
  readonly most: number;
  /** Least and greatest time; absent where no sample has an event. */
  readonly first_us?: number;
  readonly last_us?: number;
}

export interface DatasetsShowOutcome {
  readonly name: string;
  readonly kind: 'images' | 'events';
  readonly parts: readonly PartSummary[];
  /** SHA-256 of what was read, by its name. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** `sparkxd datasets show`. Throws InputError for samples that cannot be read. */
export async function runDatasetsShow(input: DatasetsShowInput): Promise<DatasetsShowOutcome> {
  const job = completeJob(DATASETS_SHOW, input);
  const hashes: Record<string, string> = {};
  const read = await readSamples(job.dataset, {
    noteHash(_role, name, hash) {
      hashes[name] = hash;
    },
  });
  const parts = PARTS.flatMap((part): PartSummary[] => {
    if (read.kind === 'images') return [ofImages(part, read[part])];
    const set = read[part];
    return set ? [ofEvents(part, set)] : [];
  });
  return { name: read.name, kind: read.kind, parts, sha256: hashes };
}

const ofImages = (part: Part, { count, classes, rows, columns, labels }: ImageSet): PartSummary => ({
  ...{ part, samples: count, classes },
  ...{ class_samples: countsOf(labels, classes), shape: [rows, columns] },
});

function ofEvents(part: Part, set: EventSet): PartSummary {
  const { count, classes, shape, labels, offsets } = set;
  let [fewest, most] = [Number.POSITIVE_INFINITY, 0];
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let sample = 0; sample < count; sample++) {
    const events = offsets[sample + 1]! - offsets[sample]!;
    fewest = Math.min(fewest, events);
    most = Math.max(most, events);
    const span = spanOf(set, sample);
    if (!span) continue;
    first = Math.min(first, span.first);
    last = Math.max(last, span.last);
  }
  return {
    ...{ part, samples: count, classes, class_samples: countsOf(labels, classes), shape },
    events: {
      ...{ total: offsets[count]! - offsets[0]!, fewest, most },
      ...(first <= last ? { first_us: first, last_us: last } : {}),
    },
  };
}

function countsOf(labels: Uint8Array | Uint16Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}

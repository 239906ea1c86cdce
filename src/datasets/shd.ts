import { classesOf } from './event-classes.ts';
import { type EventColumns, type EventSet, TIME_LIMIT_US } from './event-set.ts';
import { andMore, isIndexBelow, misfitsOf, type NumberColumn, type RaggedColumn } from './number-columns.ts';

/** Channels of the artificial cochlea with which the Heidelberg sets were made. */
const CHANNELS = 700;
export const SHD_SHAPE: readonly number[] = [CHANNELS];

const US_PER_S = 1e6;

/** What an HDF5 file of the Spiking Heidelberg Digits holds. */
export interface ShdArrays {
  /** Seconds, a row a sample. */
  readonly times: RaggedColumn;
  /** Channels, as the times. */
  readonly units: RaggedColumn;
  readonly labels: NumberColumn;
  /** Names of classes, where the file has them. */
  readonly names: number | undefined;
}

/**
 * The samples of one file, its events in `columns`, which have room for all. A time in half or single precision is exact in microseconds.
 * Classes are as many as the file has names, else as its largest label says. Adds to `faults` all that is wrong, by sample and event.
 */
export function shdEvents(
  { times, units, labels, names }: ShdArrays,
  columns: EventColumns<Float64Array>,
  faults: string[],
): EventSet | undefined {
  const count = times.offsets.length - 1;
  const before = faults.length;
  if (count === 0) faults.push('no samples: spikes/times has no rows');
  if (units.offsets.length - 1 !== count)
    faults.push(`spikes/units has ${units.offsets.length - 1} rows, spikes/times ${count}`);
  if (labels.count !== count) faults.push(`${labels.count} labels for the ${count} rows of spikes/times`);
  if (faults.length > before) return undefined;

  for (let sample = 0; sample < count; sample++) {
    const [from, to] = [times.offsets[sample]!, times.offsets[sample + 1]!];
    const own = units.offsets[sample + 1]! - units.offsets[sample]!;
    if (own !== to - from) faults.push(`sample ${sample} has ${to - from} times and ${own} units`);
    const late = misfitsOf(times, isTime, from, to);
    if (late)
      faults.push(
        `the time ${times.get(late.first)} s of event ${late.first - from} of sample ${sample} is not a time from 0 to 2^53 us${andMore(late)}`,
      );
    const [unitsFrom, unitsTo] = [units.offsets[sample]!, units.offsets[sample + 1]!];
    const outside = misfitsOf(units, isIndexBelow(CHANNELS), unitsFrom, unitsTo);
    if (outside)
      faults.push(
        `the unit ${units.get(outside.first)} of event ${outside.first - unitsFrom} of sample ${sample} is not a channel from 0 to ${CHANNELS - 1}${andMore(outside)}`,
      );
  }
  const classes = classesOf(labels, names, faults);
  if (faults.length > before) return undefined;

  for (let k = 0; k < times.count; k++) {
    columns.times[k] = times.get(k) * US_PER_S;
    columns.inputs[k] = units.get(k);
  }
  return {
    ...{ count, classes, shape: SHD_SHAPE, offsets: times.offsets },
    labels: Uint16Array.from({ length: count }, (_, sample) => labels.get(sample)),
    ...columns,
  };
}

const isTime = (seconds: number): boolean => seconds >= 0 && seconds * US_PER_S < TIME_LIMIT_US;

import { MOST_CLASSES } from './event-set.ts';
import { andMore, isIndexBelow, misfitsOf, type NumberColumn } from './number-columns.ts';

/** Classes that a file states, else the largest label and 1. Adds to `faults` where a label is none of them. */
export function classesOf(labels: NumberColumn, stated: number | undefined, faults: string[]): number {
  const end = stated ?? MOST_CLASSES;
  const strange = misfitsOf(labels, isIndexBelow(end));
  if (strange)
    faults.push(
      `the label ${labels.get(strange.first)} of sample ${strange.first} is not a class from 0 to ${end - 1}${andMore(strange)}`,
    );
  if (stated !== undefined) return stated;
  let largest = 0;
  for (let sample = 0; sample < labels.count; sample++) largest = Math.max(largest, labels.get(sample));
  return largest + 1;
}

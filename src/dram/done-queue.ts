import type { Cycles } from '../units/flavours.ts';

/** Requests that are done at a known cycle, the next one first; equal cycles by the number of the request. */
export interface DoneQueue {
  push(done: Cycles, number: number, slot: number): void;
  /** The earliest cycle; Infinity if nothing waits. */
  next(): Cycles;
  /** Removes the earliest and answers with its slot. The queue must not be empty. */
  pop(): number;
}

/** A binary heap in three columns. */
export function createDoneQueue(): DoneQueue {
  const done: Cycles[] = [];
  const numbers: number[] = [];
  const slots: number[] = [];

  const before = (a: number, b: number): boolean =>
    done[a]! < done[b]! || (done[a] === done[b] && numbers[a]! < numbers[b]!);

  function swap(a: number, b: number): void {
    swapIn(done, a, b);
    swapIn(numbers, a, b);
    swapIn(slots, a, b);
  }

  return {
    push(cycle, number, slot) {
      let at = done.length;
      done.push(cycle);
      numbers.push(number);
      slots.push(slot);
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!before(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    next: () => (done.length === 0 ? Number.POSITIVE_INFINITY : done[0]!),
    pop() {
      const last = done.length - 1;
      swap(0, last);
      done.pop();
      numbers.pop();
      const slot = slots.pop()!;
      for (let at = 0; ; ) {
        const left = 2 * at + 1;
        if (left >= last) break;
        const child = left + 1 < last && before(left + 1, left) ? left + 1 : left;
        if (!before(child, at)) break;
        swap(at, child);
        at = child;
      }
      return slot;
    },
  };
}

function swapIn(column: number[], a: number, b: number): void {
  const kept = column[a]!;
  column[a] = column[b]!;
  column[b] = kept;
}

/**
 * A queue of records of `stride` numbers each, first in, first out, in one array that grows and is used again: no memory is
 * taken for a record.
 */
export interface NumberQueue {
  /** Records in it. */
  readonly length: number;
  /** All numbers; those of a record begin at `at`. `push` may replace the array. */
  readonly data: Float64Array;
  /** Appends a record; its numbers, which begin at the answer in `data`, are the caller's to write. */
  push(): number;
  /** Where the record at a place of the queue begins, 0 being the oldest. */
  at(place: number): number;
  /** Removes the oldest. */
  pop(): void;
}

export function createNumberQueue(stride: number): NumberQueue {
  let data = new Float64Array(16 * stride);
  let mask = 15;
  let head = 0;
  let length = 0;
  return {
    get length() {
      return length;
    },
    get data() {
      return data;
    },
    push() {
      if (length > mask) {
        const larger = new Float64Array(2 * data.length);
        larger.set(data.subarray(head * stride));
        larger.set(data.subarray(0, head * stride), data.length - head * stride);
        data = larger;
        head = 0;
        mask = 2 * mask + 1;
      }
      return ((head + length++) & mask) * stride;
    },
    at: (place) => ((head + place) & mask) * stride,
    pop() {
      head = (head + 1) & mask;
      length--;
    },
  };
}

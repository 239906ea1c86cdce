/** A fully associative, least-recently-used buffer of whole weight rows. */
export interface WeightBuffer {
  holds(row: number): boolean;
  /**
   * True when the row is on chip; otherwise it is brought in, in place of the row unused longest, or of the one among those that
   * nobody uses: those in use must leave room for it.
   */
  touch(row: number, inUse?: (row: number) => boolean): boolean;
}

/**
 * Buffer for `capacity` of `rows` weight rows, empty. Where rows differ in size, `sizes` has that of each, and `capacity` is in the
 * same unit: rows leave until the new one has room, and a row that is larger than the whole buffer is never kept. With capacity 0
 * every touch misses.
 * The recency order is a doubly linked list over row numbers, so a touch costs constant time for each row that comes or leaves.
 */
export function createWeightBuffer(capacity: number, rows: number, sizes?: ArrayLike<number>): WeightBuffer {
  const OUT = -2;
  const END = -1;
  const newer = new Int32Array(rows).fill(OUT);
  const older = new Int32Array(rows).fill(OUT);
  let newest = END;
  let oldest = END;
  let held = 0;

  const unlink = (row: number): void => {
    const up = newer[row]!;
    const down = older[row]!;
    if (up === END) newest = down;
    else older[up] = down;
    if (down === END) oldest = up;
    else newer[down] = up;
  };
  const putNewest = (row: number): void => {
    newer[row] = END;
    older[row] = newest;
    if (newest === END) oldest = row;
    else newer[newest] = row;
    newest = row;
  };

  return {
    holds: (row) => newer[row] !== OUT,
    touch(row, inUse) {
      const size = sizes ? sizes[row]! : 1;
      if (size > capacity) return false;
      const hit = newer[row] !== OUT;
      if (hit) unlink(row);
      else {
        for (let victim = oldest; held + size > capacity; ) {
          if (inUse) while (inUse(victim)) victim = newer[victim]!;
          const next = newer[victim]!;
          unlink(victim);
          newer[victim] = OUT;
          older[victim] = OUT;
          held -= sizes ? sizes[victim]! : 1;
          victim = next;
        }
        held += size;
      }
      putNewest(row);
      return hit;
    },
  };
}

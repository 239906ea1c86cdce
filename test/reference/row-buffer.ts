/** A row on its way, or there. */
export interface RowFetch {
  row: number;
  /** The tick at which it has arrived, once that is known. */
  arrived: number | undefined;
}

/** The weight buffer of a core, or of all. */
export interface RowBuffer {
  /** The row, there or on its way; it counts as used now. */
  find(row: number): RowFetch | undefined;
  /** Whether another row may be under way from a cycle on. */
  mayFetch(cycle: number): boolean;
  /** A row that was requested; one that is kept has a place, for which the row unused longest goes that nobody holds. */
  add(fetch: RowFetch, kept: boolean): void;
  /** A core has looked the row up, or has added it. */
  hold(row: number): void;
  release(row: number): void;
}

export function rowBuffer(
  capacity: number,
  outstanding: number,
  hasArrived: (fetch: RowFetch, cycle: number) => boolean,
  sizeOf: (row: number) => number = () => 1,
): RowBuffer {
  /** Those kept, the one unused longest first. */
  let kept: RowFetch[] = [];
  let underWay: RowFetch[] = [];
  const holders: number[] = [];
  return {
    find(row) {
      const found = kept.find((other) => other.row === row);
      if (found) kept = [...kept.filter((other) => other !== found), found];
      return found;
    },
    mayFetch(cycle) {
      underWay = underWay.filter((fetch) => !hasArrived(fetch, cycle));
      return underWay.length < outstanding;
    },
    add(fetch, keeps) {
      underWay.push(fetch);
      if (!keeps || sizeOf(fetch.row) > capacity) return;
      while (kept.reduce((sum, { row }) => sum + sizeOf(row), 0) + sizeOf(fetch.row) > capacity) {
        const goes = kept.find(({ row }) => holders.filter((held) => held === row).length === 0);
        if (!goes) throw new Error('every row of the buffer is held');
        kept = kept.filter((other) => other !== goes);
      }
      kept.push(fetch);
    },
    hold: (row) => void holders.push(row),
    release: (row) => void holders.splice(holders.indexOf(row), 1),
  };
}

import { InputError } from '../errors/input-error.ts';
import { type AccessRun, type AccessRunReader, emptyRun } from './access-run.ts';
import type { RowRanges } from './row-ranges.ts';

/**
 * A part of a fetch of a row: `bytes` of its bytes, from byte `offset` of the row on, which lie at `address`. Inferences count
 * from 0.
 */
export type FetchedPart = (
  row: number,
  offset: number,
  address: number,
  bytes: number,
  inference: number,
) => void;

/** Who hears what a recording is found to read. */
export interface FetchListener {
  /** Called before the parts of each run. */
  run?(run: Readonly<AccessRun>): void;
  part?: FetchedPart;
}

/** Two listeners as one. */
export const bothListeners = (
  first: FetchListener | undefined,
  second: FetchListener | undefined,
): FetchListener | undefined =>
  first === undefined || second === undefined
    ? (first ?? second)
    : {
        run(run) {
          first.run?.(run);
          second.run?.(run);
        },
        part(...part) {
          first.part?.(...part);
          second.part?.(...part);
        },
      };

/**
 * The runs of a recording, each held against the fetches that its memory map tells of: `fetches` are the rows of each
 * inference in order, `rows` where they lie. `next` throws InputError for a write, for a read of anything else, and for a
 * trace that ends before the last fetch or goes on after it.
 */
export function followFetches(
  reader: AccessRunReader,
  fetches: readonly ArrayLike<number>[],
  rows: RowRanges,
  file: string,
  listener: FetchListener = {},
): AccessRunReader {
  let inference = 0;
  let item = 0;
  let range = 0;
  let rangeEnd = 0;
  let offset = 0;
  /** Bytes of the range that were read. */
  let done = 0;

  const refuse = (what: string): never => {
    throw new InputError(what, {
      place: { file },
      remedy: 'record the trace again, or replay it without its memory map: --no-accuracy',
    });
  };
  const where = (): string =>
    `inference ${inference + 1} of ${fetches.length}, weight row ${fetches[inference]![item]}`;

  /** Goes to the next range that is to be read; false after the last one. */
  function advance(): boolean {
    while (range === rangeEnd || done === rows.bytes[range]!) {
      if (range < rangeEnd) {
        range++;
        done = 0;
        if (range < rangeEnd) return true;
        item++;
      }
      while (inference < fetches.length && item === fetches[inference]!.length) {
        inference++;
        item = 0;
      }
      if (inference === fetches.length) return false;
      const row = fetches[inference]![item]!;
      range = rows.start[row]!;
      rangeEnd = rows.start[row + 1]!;
      offset = 0;
      done = 0;
      if (range < rangeEnd) return true;
    }
    return true;
  }

  function follow(run: Readonly<AccessRun>): void {
    if (run.write)
      refuse(`the trace writes at address 0x${run.address.toString(16)}; recorded inferences only read`);
    listener.run?.(run);
    let address = run.address;
    for (let left = run.bytes; left > 0; ) {
      if (!advance())
        refuse(
          `the trace reads address 0x${address.toString(16)} after the ${fetches.length} inferences of its memory map`,
        );
      const expected = rows.address[range]! + done;
      if (address !== expected)
        refuse(
          `the trace reads address 0x${address.toString(16)} where its memory map has 0x${expected.toString(16)} (${where()})`,
        );
      const taken = Math.min(left, rows.bytes[range]! - done);
      listener.part?.(fetches[inference]![item]!, offset, address, taken, inference);
      address += taken;
      offset += taken;
      done += taken;
      left -= taken;
    }
  }

  return {
    ...(reader.place === undefined ? {} : { place: reader.place }),
    next(run) {
      if (reader.next(run)) {
        follow(run);
        return true;
      }
      if (advance()) refuse(`the trace is cut short within ${where()}`);
      return false;
    },
  };
}

/**
 * The fetches of a recording with their rows at other places: each fetch becomes the ranges of `places`, at the arrival of
 * the run in which it began.
 */
export function moveFetches(
  follow: (listener: FetchListener) => AccessRunReader,
  places: RowRanges,
): AccessRunReader {
  const rows: number[] = [];
  const arrivals: number[] = [];
  const sources: number[] = [];
  const current = emptyRun();
  const recorded = follow({
    run: ({ arrival, source }) => {
      current.arrival = arrival;
      current.source = source;
    },
    part(row, offset) {
      if (offset > 0) return;
      rows.push(row);
      arrivals.push(current.arrival);
      sources.push(current.source);
    },
  });
  let head = 0;
  let range = 0;
  let rangeEnd = 0;
  const read = emptyRun();
  return {
    next(run) {
      while (range === rangeEnd) {
        if (head === rows.length) {
          rows.length = 0;
          arrivals.length = 0;
          sources.length = 0;
          head = 0;
          while (rows.length === 0) if (!recorded.next(read)) return false;
        }
        const row = rows[head]!;
        range = places.start[row]!;
        rangeEnd = places.start[row + 1]!;
        head++;
      }
      run.address = places.address[range]!;
      run.bytes = places.bytes[range]!;
      run.write = false;
      run.arrival = arrivals[head - 1]!;
      run.source = sources[head - 1]!;
      range++;
      return true;
    },
  };
}

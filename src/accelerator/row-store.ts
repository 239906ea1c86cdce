import { createAllowance } from '../engine/allowance.ts';
import type { Cycles } from '../units/flavours.ts';
import { createWeightBuffer } from './weight-buffer.ts';

/** Not yet known. */
export const UNKNOWN = -1;

/**
 * Weight rows on chip and on their way there: a buffer and what is under way, of one core or shared by several. Times are cycles
 * of the cores.
 */
export interface RowStore {
  /** Whether the row is on chip or on its way. */
  holds(row: number): boolean;
  /** The row is wanted at `cycle`: the buffer counts it as its latest, and brings it in where it does not hold it. */
  touch(row: number, cycle: Cycles): void;
  /** The first cycle from `cycle` on at which another row may be requested, as far as is known: NEVER where an answer must come first. */
  roomFrom(cycle: Cycles): Cycles;
  /** The row has been requested. */
  request(row: number): void;
  /** The row has arrived at the cycle, which may lie ahead. */
  arrive(row: number, cycle: Cycles): void;
  /** When the row of the latest request arrives, UNKNOWN before that is known. */
  arrival(row: number): Cycles;
  /** A core will add the row, and has added it by the cycle: until then no other row takes its place. */
  pin(row: number): void;
  unpin(row: number, cycle: Cycles): void;
  /** Whether rows are looked up in the order of time, because several cores look. */
  readonly shared: boolean;
}

/**
 * A store of `capacity` of `rows` rows, of which so many may be under way; where rows differ, `sizes` has that of each, in the unit of the
 * capacity. Not buffered, it keeps no row.
 */
export function createRowStore(
  capacity: number,
  rows: number,
  outstanding: number,
  shared: boolean,
  sizes?: ArrayLike<number>,
): RowStore {
  const buffer = createWeightBuffer(capacity, rows, sizes);
  const arrived = new Float64Array(rows);
  const pins = new Uint16Array(rows);
  const inUseUntil = new Float64Array(rows);
  const allowance = createAllowance(outstanding);

  return {
    holds: buffer.holds,
    touch: (row, cycle) =>
      buffer.touch(row, shared ? (held) => pins[held]! > 0 || inUseUntil[held]! > cycle : undefined),
    roomFrom: allowance.roomFrom,
    request(row) {
      arrived[row] = UNKNOWN;
      allowance.begin();
    },
    arrive(row, cycle) {
      arrived[row] = cycle;
      allowance.end(cycle);
    },
    arrival: (row) => arrived[row]!,
    pin(row) {
      pins[row]!++;
    },
    unpin(row, cycle) {
      pins[row]!--;
      if (cycle > inUseUntil[row]!) inUseUntil[row] = cycle;
    },
    shared,
  };
}

import { numbered, offsetsOf, sizeOf, valuesOf } from '../../bytes/shared-layout.ts';
import { CORE_LAYOUT } from './layout-table.ts';

// The host's view of layout-table.ts: the same names as in assembly/layout.ts.
const { constants, codes, records } = CORE_LAYOUT;

export const {
  STATE,
  NEVER,
  LONGEST,
  BANK_COMMANDS,
  BANKS_PER_VECTOR,
  LEAN_BANK_BITS,
  LEAN_AGE_BITS,
  EXACT_LATENCIES,
  LATENCY_OCTAVES,
} = valuesOf(constants);

/** Names of the commands that a controller issues, by number. */
export const COMMAND_NAMES = codes.commands.names;
export const COMMANDS = numbered(codes.commands.names);
export const CONDITIONS = numbered(codes.conditions.names);
export const CONDITION_COUNT = codes.conditions.names.length;
export const RELATIONS = numbered(codes.relations.names);
export const RELATION_COUNT = codes.relations.names.length;
/** Relations of a column to the one before it, in the order of their numbers. */
export const COLUMN_RELATIONS = codes.columnRelations.names;
export const WINDOW_LEVELS = numbered(codes.windowLevels.names);

/** Where the fields of a record lie, counted in elements of an array of their type. */
function elements<Name extends string>(offsets: Readonly<Record<Name, number>>, bytes: number) {
  const entries = Object.entries<number>(offsets).map(([name, offset]) => [name, offset / bytes]);
  return Object.fromEntries(entries) as Readonly<Record<Name, number>>;
}

const F64 = Float64Array.BYTES_PER_ELEMENT;
const I32 = Int32Array.BYTES_PER_ELEMENT;

/** i32 elements of the settings, which begin at STATE, and of the addresses of tables behind them. */
export const SETTING = elements(offsetsOf(records.Settings.fields), I32);
export const TABLE = elements(offsetsOf(records.Tables.fields, sizeOf(records.Settings.fields)), I32);
export type SettingName = keyof typeof SETTING;
export type TableName = keyof typeof TABLE;
/** i32 elements from STATE to the end of what host and core share. */
export const SHARED_LENGTH = (sizeOf(records.Settings.fields) + sizeOf(records.Tables.fields)) / I32;

/** i32 elements of a run; `arrival` is an f64, so its element of an array of those is half as far. */
export const RUN = elements(offsetsOf(records.Run.fields), I32);
export const RUN_LENGTH = sizeOf(records.Run.fields) / I32;

/** i32 elements of a window. */
export const WINDOW = elements(offsetsOf(records.Window.fields), I32);
export const WINDOW_LENGTH = sizeOf(records.Window.fields) / I32;

/** f64 elements of what is counted of a bank, of a rank, and of the latencies of a queue. */
export const BANK_COUNT = elements(offsetsOf(records.BankCounts.fields), F64);
export const BANK_COUNTS_LENGTH = sizeOf(records.BankCounts.fields) / F64;
export const RANK_COUNT = elements(offsetsOf(records.RankCounts.fields), F64);
export const RANK_COUNTS_LENGTH = sizeOf(records.RankCounts.fields) / F64;
export const LATENCY_TOTAL = elements(offsetsOf(records.LatencyTotals.fields), F64);
export const LATENCY_TOTALS_LENGTH = sizeOf(records.LatencyTotals.fields) / F64;

/** Bits that the ages of requests need at least in queues that hold `queued`. */
export const leastAgeBits = (queued: number): number => 34 - Math.clz32(queued);

/** Bank slots that a bank group takes in the core's arrays: its banks, filled up to whole vectors. */
export const slotsPerGroup = (banksPerGroup: number): number =>
  Math.ceil(banksPerGroup / BANKS_PER_VECTOR) * BANKS_PER_VECTOR;

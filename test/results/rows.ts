import type { Cell } from '../../src/results/column.ts';
import { COLUMNS, type ColumnName } from '../../src/results/columns.ts';
import { checkedRow } from '../../src/results/read-rows.ts';
import {
  OPERATING_POINT_TABLE,
  type OperatingPointRow,
  REPLAY_TABLE,
  type ReplayRow,
  RUN_TABLE,
  type RunRow,
  SIMULATE_TABLE,
  type SimulateRow,
  type Table,
  type TableRow,
} from '../../src/results/tables.ts';

// Whole rows for tests that care about a few cells: all others hold `number`, false, or the name of their column; no data pins
// are counted, and no range of a saving is given.

/** Of a profile that is no population of modules. */
const ONE_CURVE = { modules_known: undefined, modules_saturated: undefined, modules_untested: undefined };
export const runRow = (changes: Partial<RunRow>, number = 1): RunRow =>
  filled(RUN_TABLE, { ...ONE_CURVE, ...changes }, number);

export const replayRow = (changes: Partial<ReplayRow>, number = 1): ReplayRow =>
  filled(REPLAY_TABLE, changes, number);

export const simulateRow = (changes: Partial<SimulateRow>, number = 1): SimulateRow =>
  filled(SIMULATE_TABLE, changes, number);

export const operatingPointRow = (changes: Partial<OperatingPointRow>, number = 1): OperatingPointRow =>
  filled(OPERATING_POINT_TABLE, changes, number);

const NOT_ASKED: Readonly<Partial<Record<ColumnName, Cell>>> = {
  data_pins: 'none',
  dram_energy_io_nJ: 0,
  dram_energy_io_per_inference_nJ: 0,
  saving_low: undefined,
  saving_high: undefined,
  inference_saving_low: undefined,
  inference_saving_high: undefined,
};

function filled<T extends Table>(
  table: T,
  changes: Readonly<Record<string, Cell>>,
  number: number,
): TableRow<T> {
  const plain = (name: ColumnName): Cell =>
    ({ number, 'number-or-text': number, boolean: false, text: name })[COLUMNS[name].type];
  const cells = Object.fromEntries(
    table.columns.map((name) => [name, name in NOT_ASKED ? NOT_ASKED[name] : plain(name)]),
  );
  return checkedRow(table, { ...cells, ...changes }, { file: 'a row of a test' });
}

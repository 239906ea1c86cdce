import type { ENERGY_COLUMNS, ReplayRow, SimulateRow } from '../results/tables.ts';

type Known<Row, Columns extends keyof Row> = Row & { readonly [K in Columns]-?: NonNullable<Row[K]> };

/** A row of a replay whose energy is known. */
export type EnergyRow<Row extends ReplayRow> = Known<
  Row,
  (typeof ENERGY_COLUMNS)[number] | 'energy_saving_vs_nominal'
>;

/** Rows of a replay whose energy is known. */
export const withEnergy = <Row extends ReplayRow>(rows: readonly Row[]): EnergyRow<Row>[] =>
  rows.filter((row): row is EnergyRow<Row> => row.dram_energy_total_nJ !== undefined);

type InferenceEnergy = Extract<
  keyof SimulateRow,
  `dram_energy_${string}per_inference_nJ` | 'energy_per_inference_nJ'
>;

/** Simulations whose energy is known. */
export const simulationsWithEnergy = (rows: readonly SimulateRow[]): Known<SimulateRow, InferenceEnergy>[] =>
  rows.filter((row): row is Known<SimulateRow, InferenceEnergy> => row.energy_per_inference_nJ !== undefined);

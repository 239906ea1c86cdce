/**
 * What the command line can do, a program can do with the same calls: one small object in, typed rows out.
 *
 * ```ts
 * import { InputError, replay } from 'sparkxd';
 *
 * const { rows } = await replay(
 *   { trace: 'theirs.trace', device: 'ddr4-2400-8gb', supply: [1.2, 1.1] },
 *   { signal: AbortSignal.timeout(60_000), onProgress: ({ phase, done, total }) => console.log(phase, done, total) },
 * );
 * ```
 *
 * Whatever is wrong with the input is an `InputError` with `what`, `place` and `remedy`. Reads and writes files; the rooms that do
 * not, for browsers and workers, are `sparkxd/dram`, `sparkxd/energy`, `sparkxd/faults` and `sparkxd/snn`.
 *
 * @module
 */

// A memory that a program drives itself, one request at a time.
export type {
  Completion,
  CoSimulation,
  CoSimulationListeners,
  CoSimulationRequest,
} from './dram/co-simulation.ts';
// Energies, and where a saving comes from.
export { type EnergyOptions, energyOf } from './energy/energy-of.ts';
export type { Ledger } from './energy/ledger.ts';
export {
  type RailChoice,
  type SavingCase,
  type SavingRange,
  type SavingTraffic,
  savingRange,
  type Uncertain,
} from './energy/saving-range.ts';
// Errors.
export { InputError, type Place } from './errors/input-error.ts';
// What they give back.
export type { CheckOutcome } from './experiments/check.ts';
// The same as the command line calls them: with whole jobs, a number of threads and a monitor.
export { runCheck } from './experiments/check.ts';
export { type DeviceCoSimulation, openCoSimulation } from './experiments/co-simulation.ts';
export type { ConvertOutcome } from './experiments/convert.ts';
export { runConvert } from './experiments/convert.ts';
export type { DataEnergyOutcome } from './experiments/data-energy.ts';
export { runDataEnergy } from './experiments/data-energy.ts';
export { type DatasetsShowOutcome, runDatasetsShow } from './experiments/datasets-show.ts';
export { runEvaluate } from './experiments/evaluate.ts';
// Files that a user names.
export { addressOf, explainAddress } from './experiments/explain-address.ts';
export type { MapOutcome } from './experiments/map.ts';
export { runMap } from './experiments/map.ts';
export { type PhaseMonitor, SILENT as silent } from './experiments/monitor.ts';
export type { OptimiseOutcome } from './experiments/optimise.ts';
export { runOptimise } from './experiments/optimise.ts';
export type { PowerOutcome } from './experiments/power.ts';
export { runPower } from './experiments/power.ts';
export type { RecordOutcome } from './experiments/record.ts';
export { runRecord } from './experiments/record.ts';
export type { ReplayOutcome } from './experiments/replay.ts';
export { runReplay } from './experiments/replay.ts';
export type { RunOutcome } from './experiments/run.ts';
export type { SimulateOutcome } from './experiments/simulate/simulate-outcome.ts';
export { runSimulate } from './experiments/simulate.ts';
export type { SupplyEffectsOutcome } from './experiments/supply-effects.ts';
export type { ToleranceOutcome } from './experiments/tolerance/damages.ts';
export { runTolerance } from './experiments/tolerance.ts';
export { type RunChoice, runWaterfall as waterfall, type WaterfallOutcome } from './experiments/waterfall.ts';
export type { WeightsDamageOutcome } from './experiments/weights-damage.ts';
export { runWeightsDamage } from './experiments/weights-damage.ts';
export type { WeightsShowOutcome } from './experiments/weights-show.ts';
export { runWeightsShow } from './experiments/weights-show.ts';
export { loadDevice } from './hardware/load-device.ts';
export { loadVoltageProfile } from './hardware/load-voltage-profile.ts';
export { resolveTiming } from './hardware/resolve-timing.ts';
export { modelFiles } from './inputs/model-files.ts';
export { railChoices } from './inputs/rail-choices.ts';
export { readDataset } from './inputs/read-dataset.ts';
export { type AnyNetwork, readAnyNetwork, readNetwork } from './inputs/read-network.ts';
export { readSamples, type Samples } from './inputs/read-samples.ts';
// Use cases, and how they are called.
export type { Calling, Progress } from './library/calling.ts';
export type { Supply, WithSupplies, WithSupply } from './library/supplies.ts';
export {
  check,
  convert,
  damageWeights,
  dataEnergy,
  evaluate,
  optimise,
  placeWeights,
  power,
  record,
  replay,
  run,
  showWeights,
  simulate,
  supplyEffects,
  tolerance,
} from './library/use-cases.ts';
// Rows: their columns, and how they are written.
export type { Cell, Column } from './results/column.ts';
export { COLUMNS, type ColumnName } from './results/columns.ts';
export * from './results/tables.ts';
export { tableCsv } from './results/write-rows.ts';

// What the use cases take: the settings of each command.
export type { CheckInput } from './settings/jobs/check.ts';
export type { CoSimulationInput } from './settings/jobs/co-simulation.ts';
export type { ConvertInput } from './settings/jobs/convert.ts';
export type { DataEnergyInput } from './settings/jobs/data-energy.ts';
export type { DatasetsShowInput } from './settings/jobs/datasets-show.ts';
export type { EvaluateInput } from './settings/jobs/evaluate.ts';
export type { MapInput } from './settings/jobs/map.ts';
export type { OptimiseInput } from './settings/jobs/optimise.ts';
export type { PowerInput } from './settings/jobs/power.ts';
export type { RecordInput } from './settings/jobs/record.ts';
export type { ReplayInput } from './settings/jobs/replay.ts';
export type { RunInput } from './settings/jobs/run.ts';
export type { SimulateInput } from './settings/jobs/simulate.ts';
export type { SupplyEffectsInput } from './settings/jobs/supply-effects.ts';
export type { ToleranceInput } from './settings/jobs/tolerance.ts';
export type { WeightsDamageInput } from './settings/jobs/weights-damage.ts';
export type { WeightsShowInput } from './settings/jobs/weights-show.ts';

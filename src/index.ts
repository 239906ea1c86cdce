/**
 * The library's face: what the command line can do, a program can do with the same calls.
 *
 * ```ts
 * import { run } from 'sparkxd';
 * const { rows, manifest } = await run({ weights: 'n400-mnist', dataset: 'mnist', supplies: [1.1], images: 1000 });
 * ```
 */
export type {
  Completion,
  CoSimulation,
  CoSimulationListeners,
  CoSimulationRequest,
} from './dram/co-simulation.ts';
export type { LatencyHistogram } from './dram/latency-histogram.ts';
export type { CommandLog, QueueOccupancy, ReplayResult } from './dram/replay.ts';
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
export { InputError } from './errors/input-error.ts';
export { type CheckOutcome, runCheck } from './experiments/check.ts';
export { type DeviceCoSimulation, openCoSimulation } from './experiments/co-simulation.ts';
export { runConvert } from './experiments/convert.ts';
export { runDataEnergy } from './experiments/data-energy.ts';
export { type DatasetsShowOutcome, runDatasetsShow } from './experiments/datasets-show.ts';
export { runEvaluate } from './experiments/evaluate.ts';
export { addressOf, explainAddress } from './experiments/explain-address.ts';
export { runMap } from './experiments/map.ts';
export { type PhaseMonitor, SILENT as silent } from './experiments/monitor.ts';
export { runOptimise } from './experiments/optimise.ts';
export { runPower } from './experiments/power.ts';
export { runRecord } from './experiments/record.ts';
export { runReplay } from './experiments/replay.ts';
export { type RunOutcome, run } from './experiments/run.ts';
export { runSimulate } from './experiments/simulate.ts';
export { runTolerance } from './experiments/tolerance.ts';
export { type RunChoice, runWaterfall } from './experiments/waterfall.ts';
export { runWeightsDamage, type WeightsDamageOutcome } from './experiments/weights-damage.ts';
export { runWeightsShow, type WeightsShowOutcome } from './experiments/weights-show.ts';
export { loadDevice } from './hardware/load-device.ts';
export { loadVoltageProfile } from './hardware/load-voltage-profile.ts';
export { resolveTiming } from './hardware/resolve-timing.ts';
export { modelFiles } from './inputs/model-files.ts';
export { railChoices } from './inputs/rail-choices.ts';
export { readDataset } from './inputs/read-dataset.ts';
export { type AnyNetwork, readAnyNetwork, readNetwork } from './inputs/read-network.ts';
export { readSamples, type Samples } from './inputs/read-samples.ts';
export type { Cell, Column } from './results/column.ts';
export { COLUMNS, type ColumnName } from './results/columns.ts';
export * from './results/tables.ts';
export { tableCsv } from './results/write-rows.ts';
export type { CheckInput, CheckJob } from './settings/jobs/check.ts';
export type { CoSimulationInput, CoSimulationJob } from './settings/jobs/co-simulation.ts';
export type { ConvertInput, ConvertJob } from './settings/jobs/convert.ts';
export type { DataEnergyInput, DataEnergyJob } from './settings/jobs/data-energy.ts';
export type { DatasetsShowInput, DatasetsShowJob } from './settings/jobs/datasets-show.ts';
export type { EvaluateInput, EvaluateJob } from './settings/jobs/evaluate.ts';
export type { MapInput, MapJob } from './settings/jobs/map.ts';
export type { OptimiseInput, OptimiseJob } from './settings/jobs/optimise.ts';
export type { PowerInput, PowerJob } from './settings/jobs/power.ts';
export type { RecordInput, RecordJob } from './settings/jobs/record.ts';
export type { ReplayInput, ReplayJob } from './settings/jobs/replay.ts';
export type { RunInput, RunJob } from './settings/jobs/run.ts';
export type { SimulateInput, SimulateJob } from './settings/jobs/simulate.ts';
export type { ToleranceInput, ToleranceJob } from './settings/jobs/tolerance.ts';
export type { WeightsDamageInput, WeightsDamageJob } from './settings/jobs/weights-damage.ts';
export type { WeightsShowInput, WeightsShowJob } from './settings/jobs/weights-show.ts';

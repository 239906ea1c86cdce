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

// What they take: the settings of each command.

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

// What they give back, and the same as the command line calls them: with whole jobs, a number of threads and a monitor.

export { type ChannelViolation, type CheckOutcome, runCheck } from './experiments/check.ts';
export type { TestedChoice, TestedPoint } from './experiments/chosen-point.ts';
export { type ConvertOutcome, runConvert } from './experiments/convert.ts';
export { type DataEnergyOutcome, type DataEnergyPoint, runDataEnergy } from './experiments/data-energy.ts';
export {
  type DatasetsShowOutcome,
  type EventSummary,
  type PartSummary,
  runDatasetsShow,
} from './experiments/datasets-show.ts';
export { runEvaluate } from './experiments/evaluate.ts';
export type { LayerRow } from './experiments/layer-rows.ts';
export type { RecordedAccesses } from './experiments/layers/record-layers.ts';
export { type MapOutcome, type MapTraffic, runMap } from './experiments/map.ts';
export { type PhaseMonitor, SILENT as silent } from './experiments/monitor.ts';
export type { OperatingChoice } from './experiments/operating-points.ts';
export { type OperatingPoint, type OptimiseOutcome, runOptimise } from './experiments/optimise.ts';
export {
  type CommandCounts,
  type Conditions,
  type PowerOutcome,
  type PowerPoint,
  runPower,
  type SkippedCommands,
} from './experiments/power.ts';
export { type RecordOutcome, runRecord } from './experiments/record.ts';
export type { ReplayReading } from './experiments/replay/replayer.ts';
export { type ReplayCompany, type ReplayOutcome, runReplay } from './experiments/replay.ts';
export type { PlacedPoint, RunOutcome } from './experiments/run.ts';
export type { SimulateOutcome } from './experiments/simulate/simulate-outcome.ts';
export { runSimulate } from './experiments/simulate.ts';
export type { SupplyEffectsOutcome } from './experiments/supply-effects.ts';
export type { ToleranceByLayer, ToleranceOutcome } from './experiments/tolerance/damages.ts';
export type { RatedTrial, SearchedRate } from './experiments/tolerance/study.ts';
export { runTolerance } from './experiments/tolerance.ts';
export type { TraceReading } from './experiments/trace-reading.ts';
export type { UnknownPoint } from './experiments/unknown-points.ts';
export { type RunChoice, runWaterfall as waterfall, type WaterfallOutcome } from './experiments/waterfall.ts';
export {
  type DamagedRow,
  runWeightsDamage,
  type WeightsDamageOutcome,
} from './experiments/weights-damage.ts';
export { runWeightsShow, type TensorRow, type WeightsShowOutcome } from './experiments/weights-show.ts';

// Rows: their columns, and how they are written.

export type { Cell, Column, ColumnType } from './results/column.ts';
export { COLUMNS, type ColumnName } from './results/columns.ts';
export type { DramCells } from './results/dram-columns.ts';
export type { Manifest } from './results/manifest.ts';
export * from './results/tables.ts';
export type { WaterfallStep } from './results/waterfall.ts';
export { tableCsv } from './results/write-rows.ts';

// A memory that a program drives itself, one request at a time.

export type {
  Completion,
  CoSimulation,
  CoSimulationListeners,
  CoSimulationRequest,
} from './dram/co-simulation.ts';
export { type DeviceCoSimulation, openCoSimulation } from './experiments/co-simulation.ts';

// Energies, and where a saving comes from.

export type { ForbiddenCommand } from './energy/activity-from-commands.ts';
export { type EnergyOptions, energyOf } from './energy/energy-of.ts';
export type { Ledger, TermEnergies } from './energy/ledger.ts';
export {
  type PricedTraffic,
  type RailChoice,
  type SavingCase,
  type SavingRange,
  type SavingTraffic,
  savingRange,
  type Uncertain,
} from './energy/saving-range.ts';
export { type LineBits, VAMPIRE_VENDORS, type VampireVendor } from './energy/vampire.ts';

// Files that a user names.

export type { Dataset, ImageSet } from './datasets/dataset.ts';
export type { EventDataset, EventSet, EventTimes } from './datasets/event-set.ts';
export { addressOf, type ExplainedAddress, explainAddress } from './experiments/explain-address.ts';
export { loadDevice } from './hardware/load-device.ts';
export { loadVoltageProfile } from './hardware/load-voltage-profile.ts';
export { resolveTiming } from './hardware/resolve-timing.ts';
export { modelFiles } from './inputs/model-files.ts';
export { railChoices } from './inputs/rail-choices.ts';
export { readDataset } from './inputs/read-dataset.ts';
export {
  type AnyNetwork,
  readAnyNetwork,
  readNetwork,
  type StoredLayers,
  type StoredNetwork,
} from './inputs/read-network.ts';
export { readSamples, type Samples, type SamplesOptions } from './inputs/read-samples.ts';
export type { NoteInput, Remark } from './inputs/recorder.ts';

// Errors.

export { InputError, type Place } from './errors/input-error.ts';

// What is told of memories, networks and traces.

export type { SubarrayUse } from './mapping/subarray-use.ts';
export {
  type CompetitionLayer,
  type Conv2dLayer,
  type DelayLayer,
  type DenseLayer,
  type Dynamics,
  type FlattenLayer,
  type InputCode,
  type InputLayer,
  type Layer,
  type LayeredNetwork,
  NEURON_PARAMETERS,
  type NeuronLayer,
  type NeuronParameter,
  type OutputLayer,
  type PerNeuron,
  type PoolLayer,
  type Presentation,
  type ScaleLayer,
  type Shape,
  type Source,
} from './snn/layers/layered-network.ts';
export type { Accuracy } from './sparkxd/accuracy.ts';
export type { PlacedTensorRow } from './sparkxd/placed-tensors.ts';
export type { ToleranceTrial, ToleratedRate } from './sparkxd/tolerance.ts';
export type { Interval } from './stats/interval.ts';
export type { TraceMetadata } from './trace/sxt-format.ts';
export type { Bytes } from './units/flavours.ts';
export type { GraphNode } from './weights/nir-graph.ts';
export type { TensorForm } from './weights/weight-container.ts';

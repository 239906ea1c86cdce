/**
 * `sparkxd/dram`: devices and their cycle-exact memory controller. Nothing of it knows files, a clock or a terminal: it runs in
 * Node, in browsers and in workers alike. Cycles are of the command clock, times in ns, supplies in V.
 *
 * ```ts
 * import { createController, createOrderedMapping, DEFAULT_CONTROLLER, loadDevice, modelsOfTexts, replay, resolveTiming } from 'sparkxd/dram';
 *
 * const device = await loadDevice('mine', modelsOfTexts({ 'dram/mine': yaml, 'standards/ddr4': ddr4, 'circuit/voltron-spice': curve }));
 * const timing = await resolveTiming(device, 1.1, 'stretched');
 * ```
 */
export type { AddressMapping } from '../dram/address.ts';
export { ADDRESS_ORDERS, createOrderedMapping } from '../dram/address-mapping.ts';
export type { BankCounts, ChannelStatistics } from '../dram/channel-statistics.ts';
export { type CheckerOptions, createProtocolChecker, type ProtocolChecker } from '../dram/checker.ts';
export type { Violation } from '../dram/checker-violation.ts';
export {
  type Completion,
  type CoSimulation,
  type CoSimulationListeners,
  type CoSimulationRequest,
  createCoSimulation,
} from '../dram/co-simulation.ts';
export { type Controller, createController } from '../dram/controller.ts';
export { type ControllerOptions, DEFAULT_CONTROLLER } from '../dram/controller-options.ts';
export type { SettingName, TableName } from '../dram/core/layout.ts';
export type { Core, CoreObserver, CoreSettings, OpenCore, TakesRun } from '../dram/core/open-core.ts';
export type { SentPiece } from '../dram/count-reads.ts';
export type { LatencyHistogram } from '../dram/latency-histogram.ts';
export {
  type CommandLog,
  type OpenReplay,
  openReplay,
  type QueueOccupancy,
  type ReplayResult,
  type ReplayWatch,
  type RequestRun,
  type RequestSource,
  replay,
} from '../dram/replay.ts';
export type { RunBatch } from '../dram/run-batch.ts';
export { InputError, type Place } from '../errors/input-error.ts';
export type {
  Accelerator,
  AcceleratorEnergy,
  AcceleratorTiming,
  AdditionFormat,
  CoreSystem,
  MemoryWeights,
} from '../hardware/accelerator.ts';
export type { BankwiseStates, ChannelActivity, RankActivity } from '../hardware/activity.ts';
export type { CompiledDevice, CompiledModels } from '../hardware/compiled-models.ts';
export {
  banksPerRank,
  burstsPerRow,
  bytesPerBurst,
  bytesPerChannel,
  bytesPerRow,
  type CircuitCurve,
  type CurrentSet,
  type Device,
  type OnDieEcc,
  type Organisation,
  type Supply,
  subarraysPerBank,
} from '../hardware/device.ts';
export type { DramCommand } from '../hardware/dram-command.ts';
export type { BySize, OrganisationPreset, Presets } from '../hardware/import/presets.ts';
export { loadDevice } from '../hardware/load-device.ts';
export type { ModelPlaces } from '../hardware/model-places.ts';
export {
  type CompiledModel,
  MODEL_KINDS,
  type ModelKind,
  type ModelSource,
  type ModelText,
} from '../hardware/model-source.ts';
export { modelsOfTexts } from '../hardware/models-of-texts.ts';
export type { Provenance } from '../hardware/provenance.ts';
export { resolveTiming, type Stretch, stretchAt, timesAt } from '../hardware/resolve-timing.ts';
export {
  cyclesOf,
  type ResolvedRules,
  type ResolvedTiming,
  type SubarrayRules,
  TIMING_MODES,
  type TimingMode,
} from '../hardware/resolved-timing.ts';
export {
  CIRCUIT_DELAYS,
  type CircuitDelay,
  CLOSED_BANKS,
  CLOSING_COMMANDS,
  type ClosedBanks,
  type ClosingCommand,
  COMMANDS,
  type CommandCycles,
  type CommandName,
  type Constraint,
  type PerBankRefreshEnergy,
  type RefreshStep,
  type ResolvedConstraint,
  type Standard,
} from '../hardware/standard.ts';
export type { SubarrayScheme } from '../hardware/subarray-scheme.ts';
export type {
  Bits,
  Bytes,
  Cycles,
  Flavour,
  Megahertz,
  Milliwatts,
  Nanoseconds,
  Volts,
} from '../units/flavours.ts';

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
export { createProtocolChecker, type ProtocolChecker } from '../dram/checker.ts';
export {
  type Completion,
  type CoSimulation,
  type CoSimulationListeners,
  type CoSimulationRequest,
  createCoSimulation,
} from '../dram/co-simulation.ts';
export { type Controller, createController } from '../dram/controller.ts';
export { type ControllerOptions, DEFAULT_CONTROLLER } from '../dram/controller-options.ts';
export {
  type CommandLog,
  openReplay,
  type ReplayResult,
  type RequestSource,
  replay,
} from '../dram/replay.ts';
export { InputError, type Place } from '../errors/input-error.ts';
export type { ChannelActivity, RankActivity } from '../hardware/activity.ts';
export {
  banksPerRank,
  burstsPerRow,
  bytesPerBurst,
  bytesPerChannel,
  bytesPerRow,
  type Device,
  type Organisation,
  subarraysPerBank,
} from '../hardware/device.ts';
export type { DramCommand } from '../hardware/dram-command.ts';
export { loadDevice } from '../hardware/load-device.ts';
export type { ModelKind, ModelSource, ModelText } from '../hardware/model-source.ts';
export { modelsOfTexts } from '../hardware/models-of-texts.ts';
export { resolveTiming, stretchAt, timesAt } from '../hardware/resolve-timing.ts';
export { cyclesOf, type ResolvedTiming, type TimingMode } from '../hardware/resolved-timing.ts';
export type { CommandName } from '../hardware/standard.ts';
export type { Cycles, Megahertz, Nanoseconds, Volts } from '../units/flavours.ts';

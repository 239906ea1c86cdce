import { type CoSimulation, type CoSimulationListeners, createCoSimulation } from '../dram/co-simulation.ts';
import { energyOf } from '../energy/energy-of.ts';
import type { Ledger } from '../energy/ledger.ts';
import { cycleNotBefore, kilohertzOf, picosecondBefore } from '../engine/clock-crossing.ts';
import { InputError } from '../errors/input-error.ts';
import type { Device } from '../hardware/device.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { openAddressMapping } from '../inputs/open-address-mapping.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { controllerOptions } from '../settings/controller-settings.ts';
import { dataPinsOf } from '../settings/data-pins.ts';
import { CO_SIMULATION, type CoSimulationInput } from '../settings/jobs/co-simulation.ts';
import { completeJob } from '../settings/parse-job.ts';
import type { Cycles, Nanoseconds, Volts } from '../units/flavours.ts';

/** A co-simulation of a device, which knows the length of a cycle and the energy of a command. */
export interface DeviceCoSimulation<Id> extends CoSimulation<Id> {
  readonly device: Device;
  readonly supply: Volts;
  /**
   * The first cycle that does not begin before a time, exactly. Throws InputError for a time that is not a whole number of
   * picoseconds from 0 to 2^50.
   */
  cycleAt(time: Nanoseconds): Cycles;
  /** When a cycle begins, down to the whole picosecond before; `cycleAt` gives the same cycle again. */
  timeOf(cycle: Cycles): Nanoseconds;
  /**
   * Energy of what the memory did up to `now`, by rank, bank, rail and term, in pJ. Throws InputError for a device without the
   * currents that it needs.
   */
  energy(): Ledger;
}

/** Nanoseconds below it are numbers that tell picoseconds apart. */
const LATEST = 2 ** 50;
const PS_PER_NS = 1000;

/**
 * Opens a device, by the name of a shipped one or as a file, so that another program can drive it one request at a time
 * (docs/co-simulation.md). The settings are those of `runReplay` that concern the memory; all have defaults. Throws InputError
 * for files that cannot be read and settings that make no sense for the device.
 *
 * ```ts
 * const memory = await openCoSimulation({ device: 'ddr4-2400-8gb' }, { onDone: ({ id, cycle }) => console.log(id, cycle) });
 * memory.offer({ id: 'first', address: 0x1000 });
 * memory.drain();
 * ```
 */
export async function openCoSimulation<Id = number>(
  input: CoSimulationInput,
  listeners: CoSimulationListeners<Id> = {},
): Promise<DeviceCoSimulation<Id>> {
  const job = completeJob(CO_SIMULATION, input);
  const device = await loadDevice(job.device, modelFiles, job.latencyCurve);
  const { organisation } = device;
  const { supply = device.supply.nominal, law, energyModel: model, rho } = job;
  const io = dataPinsOf(job, device);
  const timing = await timingAt(device, supply, job, modelFiles);
  const mapping = await openAddressMapping(job.addressMapping, organisation);
  const options = controllerOptions(job.controller);
  const memory = createCoSimulation(organisation, timing, options, mapping, listeners, job.entry);
  const clock = kilohertzOf(device.clock);
  return Object.assign(memory, {
    device,
    supply,
    cycleAt(time: Nanoseconds) {
      const picoseconds = Math.round(time * PS_PER_NS);
      const whole = Math.abs(time * PS_PER_NS - picoseconds) <= 1e-6 + picoseconds * 2 ** -52;
      if (!(whole && picoseconds >= 0 && picoseconds <= LATEST))
        throw new InputError(`${time} ns is no time of the simulation`, {
          remedy: 'give whole picoseconds, such as 18.75 ns, from 0 to 2^50 ps',
        });
      return cycleNotBefore(picoseconds, clock);
    },
    timeOf: (cycle: Cycles) => picosecondBefore(cycle, clock) / PS_PER_NS,
    energy: () => energyOf(device, memory.activity(), { supply, law, model, rho, io }),
  });
}

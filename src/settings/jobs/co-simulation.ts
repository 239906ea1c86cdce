import { DEFAULT_ENTRY } from '../../dram/co-simulation.ts';
import { controller } from '../controller-settings.ts';
import { DATA_PINS } from '../data-pins.ts';
import { energyModel, law, rho } from '../energy-settings.ts';
import { device, latencyCurve, subarrays, supply, temperature, timing } from '../memory-settings.ts';
import { described, type JobInput, type JobOf, optional, withDefault } from '../setting.ts';
import { addressMapping } from '../traffic-settings.ts';
import { whole } from '../values.ts';

/** Requests in front of a channel: more than this would be the client's own queue. */
const LARGEST_ENTRY = 2 ** 20;

/** `openCoSimulation` of the library: a memory that another program drives. */
export const CO_SIMULATION = {
  device,
  latencyCurve,
  supply: optional(described(supply, 'supply voltage (default: nominal)')),
  timing: withDefault(timing, 'stretched'),
  temperature,
  subarrays,
  addressMapping,
  controller,
  entry: withDefault(
    { ...whole(1, LARGEST_ENTRY), help: 'requests that wait in front of a channel' },
    DEFAULT_ENTRY,
  ),
  law,
  energyModel,
  rho,
  ...DATA_PINS,
};

export type CoSimulationJob = JobOf<typeof CO_SIMULATION>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type CoSimulationInput = JobInput<typeof CO_SIMULATION>;

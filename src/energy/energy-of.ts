import { InputError } from '../errors/input-error.ts';
import type { ChannelActivity } from '../hardware/activity.ts';
import { banksPerRank, type DataPins, type Device, type Rail } from '../hardware/device.ts';
import { placeIn } from '../hardware/model-places.ts';
import type { Picojoules, Volts } from '../units/flavours.ts';
import { drampower4 } from './drampower4.ts';
import { drampower6 } from './drampower6.ts';
import { drivePower, pinEnergy, readPins, writePins } from './io.ts';
import { cellAt, closeLedger, type Ledger, type LedgerShape, type LedgerTerm } from './ledger.ts';
import { durationsOf, type RailModel, railContext } from './rail-model.ts';
import { type VoltageLaw, voltageFactor } from './voltage-law.ts';

/** `drampower4` is DRAMPower 4.1's model; `drampower6` the core model of its 5 and 6 line, bank-wise. */
export const ENERGY_MODELS = ['drampower4', 'drampower6'] as const;
export type EnergyModel = (typeof ENERGY_MODELS)[number];
export const DEFAULT_ENERGY_MODEL: EnergyModel = 'drampower6';

export interface EnergyOptions {
  readonly supply: Volts;
  readonly law: VoltageLaw;
  /** Default `DEFAULT_ENERGY_MODEL`. */
  readonly model?: EnergyModel;
  /** Of `drampower6`: share of the active current that is common to the banks, 0 to 1; default 1. */
  readonly rho?: number;
  /** Adds the data pins, as a rail of their own that the supply leaves alone. */
  readonly io?: DataPins | undefined;
}

/** Name of the rail that carries the pins' energy when an I/O model is given. */
export const IO_RAIL = 'I/O';

/**
 * Energy of what a channel did. Durations of commands are the datasheet's at nominal supply (a stretched latency
 * moves no more charge); standby, power-down and self-refresh are real time. Throws InputError when the device has
 * no currents at all, or lacks one that the run needs, naming it, and for a supply outside the device's range.
 */
export function energyOf(device: Device, activity: ChannelActivity, options: EnergyOptions): Ledger {
  requireCurrents(device);
  const { supply, law, io } = options;
  const model = modelOf(options);
  const names = device.rails.map(({ name }) => name);
  const shape: LedgerShape = {
    ranks: activity.ranks.length,
    banks: banksPerRank(device.organisation),
    rails: io ? [...names, IO_RAIL] : names,
  };
  const raw = new Float64Array(cellAt(shape, shape.ranks, 0, 0, 'act'));
  const entered = new Set<number>();
  const enter = (cell: number, energy: Picojoules): void => {
    if (energy === 0) return;
    entered.add(cell);
    raw[cell]! += energy;
  };
  const devices = device.organisation.devicesPerRank;

  device.rails.forEach((rail, r) => {
    const scale = devices * voltageFactor(device, rail, supply, law);
    const context = railContext(device, rail);
    activity.ranks.forEach((rank, number) => {
      model(context, rank, (term, energy, bank = shape.banks) => {
        if (!(energy >= -ROUNDING)) throw negativeEnergy(device, rail, term, energy);
        enter(cellAt(shape, number, bank, r, term), scale * energy);
      });
    });
  });
  if (io) enterIo(device, activity, io, shape, enter);
  return closeLedger(shape, raw, entered, supply);
}

/** pJ, the ledger's finest grain: equal currents leave a difference of rounding, of either sign. */
const ROUNDING = 2 ** -10;

/** The fault of currents that contradict each other under the model chosen (each file is also checked on loading). */
const negativeEnergy = (device: Device, rail: Rail, term: LedgerTerm, energy: Picojoules): InputError =>
  new InputError(
    `the energy "${term}" of ${rail.name} comes out as ${energy} pJ with the currents of ${device.name}`,
    {
      ...(rail.currentsPlace === undefined ? {} : { place: rail.currentsPlace }),
      remedy: 'no energy is negative: correct the currents of the rail, or choose another --model or --rho',
    },
  );

function modelOf({ model = DEFAULT_ENERGY_MODEL, rho = 1 }: EnergyOptions): RailModel {
  if (!(rho >= 0 && rho <= 1))
    throw new InputError(`rho is the share of current common to the banks, 0 to 1, not ${rho}`);
  return model === 'drampower4' ? drampower4 : drampower6(rho);
}

/** Whether a device gives currents; of one that gives none, time is known and energy is not. */
export const hasCurrents = ({ rails }: Device): boolean =>
  rails.some(({ currents }) => Object.keys(currents).length > 0);

/** Throws InputError, with the reason where the device's file gives one, for a device without currents. */
export function requireCurrents(device: Device): void {
  if (!hasCurrents(device))
    throw new InputError(`${device.name} has no supply currents, so its energy is not known`, {
      ...placeIn(device.places, device.energyUnknown === undefined ? 'rails' : 'energy_unknown'),
      remedy:
        device.energyUnknown ??
        'its timing can be simulated; for energy choose a device with currents (sparkxd devices)',
    });
}

/** The pins' energy is C V^2 of their own rail, the same at every supply of the core. */
function enterIo(
  device: Device,
  activity: ChannelActivity,
  io: DataPins,
  shape: LedgerShape,
  enter: (cell: number, energy: Picojoules) => void,
): void {
  const { deviceWidth, devicesPerRank } = device.organisation;
  const drive = drivePower(io.capacitance_pF, io.voltage, device.clock);
  const { tB } = durationsOf(device);
  activity.ranks.forEach((rank, number) => {
    for (let bank = 0; bank < shape.banks; bank++)
      enter(
        cellAt(shape, number, bank, shape.rails.length - 1, 'io'),
        devicesPerRank *
          (pinEnergy(rank.rd[bank]!, tB, drive, readPins(deviceWidth)) +
            pinEnergy(rank.wr[bank]!, tB, io.writeTermination_mW, writePins(deviceWidth))),
      );
  });
}

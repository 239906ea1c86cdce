import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import type { DataPins, Device } from '../hardware/device.ts';
import { placeIn } from '../hardware/model-places.ts';
import { type JobOf, optional } from './setting.ts';
import { quantity } from './values.ts';

const LARGEST = 1000;
const { read: readLoad } = quantity('pF', 0, LARGEST);
/** The load that the device's file gives. */
const OF_DEVICE = 'device';
const loadError = `expected 0 to ${LARGEST} pF, such as 1.8pF, or device`;
/** Voltage of pins where neither the job nor the device's file gives one. */
const USUAL_VOLTAGE = 1.2;

/** The data pins, which energy leaves out unless their load is given. */
export const DATA_PINS = {
  ioCapacitance: optional({
    schema: z.union(
      [z.literal(OF_DEVICE), z.number().min(0, { error: loadError }).max(LARGEST, { error: loadError })],
      {
        error: loadError,
      },
    ),
    value: 'PF',
    read: (text: string) => (text === OF_DEVICE ? text : readLoad(text)),
    help: 'adds the data pins, which the supply does not scale: load of one pin (device: as the device file gives it), such as 1.8pF; pF if no unit is given',
  }),
  ioVoltage: optional({
    ...quantity('V', 0.1, 5),
    help: `voltage of the data pins, in V unless 1200mV or the like (default: that of the device file, or ${USUAL_VOLTAGE})`,
  }),
  ioTermination: optional({
    ...quantity('mW', 0, 1000),
    help: 'power of one terminated pin during a write; mW if no unit is given (default: that of the device file, or 0)',
  }),
};

/**
 * The data pins that a job counts; undefined where it gives no load. Throws InputError for a voltage or a termination without
 * a load, and for the load of a device whose file gives none.
 */
export function dataPinsOf(
  { ioCapacitance, ioVoltage, ioTermination }: JobOf<typeof DATA_PINS>,
  device: Device,
): DataPins | undefined {
  const { io } = device;
  if (ioCapacitance === undefined) {
    if (ioVoltage === undefined && ioTermination === undefined) return undefined;
    const given = ioVoltage === undefined ? '--io-termination' : '--io-voltage';
    throw new InputError(`${given} is given without the load of the data pins`, {
      remedy: 'add --io-capacitance, such as 1.8pF',
    });
  }
  if (ioCapacitance === OF_DEVICE && io === undefined)
    throw new InputError(`${device.name} gives no load of its data pins`, {
      ...placeIn(device.places),
      remedy: 'give one, such as --io-capacitance 1.8pF, or add io to the device file with its source',
    });
  return {
    capacitance_pF: ioCapacitance === OF_DEVICE ? io!.capacitance_pF : ioCapacitance,
    voltage: ioVoltage ?? io?.voltage ?? USUAL_VOLTAGE,
    writeTermination_mW: ioTermination ?? io?.writeTermination_mW ?? 0,
  };
}

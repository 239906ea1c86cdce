import { z } from 'zod';
import { BOUNDS } from './bounds.ts';
import type { DataPins } from './device.ts';
import { sourcedCapacitance, sourcedPower, sourcedVoltage, type ValueReader } from './sourced-values.ts';
import type { YamlDocument } from './yaml-document.ts';

export const dataPinsSchema = z
  .strictObject({
    source: z.string().optional(),
    capacitance: sourcedCapacitance,
    voltage: sourcedVoltage,
    write_termination: sourcedPower.optional(),
  })
  .optional();
type DataPinsFile = z.infer<typeof dataPinsSchema>;

/** The data pins of a device, if its file gives them. Throws InputError for a quantity without source or out of its bounds. */
export function readDataPins(
  { data: { io } }: YamlDocument<{ readonly io?: DataPinsFile }>,
  reader: ValueReader,
): DataPins | undefined {
  if (io === undefined) return undefined;
  return {
    capacitance_pF: reader.quantity(['io', 'capacitance'], io.capacitance, 'capacitance', BOUNDS.capacitance),
    voltage: reader.quantity(['io', 'voltage'], io.voltage, 'voltage', BOUNDS.voltage),
    writeTermination_mW:
      io.write_termination === undefined
        ? 0
        : reader.quantity(['io', 'write_termination'], io.write_termination, 'power', BOUNDS.power),
  };
}

import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { type Units, withUnits } from '../units/quantity.ts';
import { BOUNDS } from './bounds.ts';
import type { CircuitCurve } from './device.ts';
import type { ModelSource } from './model-source.ts';
import { createValueReader, modelName, sourcedVoltage, sourcesSchema } from './sourced-values.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

const ROW = 'expected [supply, tRCD, tRAS, tRP], such as [1.35 V, 10.2 ns, 24.8 ns, 9.4 ns]';
const ROWS = 'expected at least two rows of [supply, tRCD, tRAS, tRP]';

export const curveSchema = z.strictObject({
  name: modelName,
  description: z.string(),
  sources: sourcesSchema,
  source: z.string(),
  reference: sourcedVoltage,
  /** One row a supply voltage: [supply, tRCD, tRAS, tRP], raw simulated delays. */
  points: z
    .array(z.tuple([z.string(), z.string(), z.string(), z.string()], { error: ROW }), { error: ROWS })
    .min(2, { error: ROWS }),
});

/** Reads a circuit curve from its YAML; see load-circuit-curve.ts. */
export async function circuitCurveFromYaml(name: string, source: ModelSource): Promise<CircuitCurve> {
  const document = readYaml(await source.read('circuit', name), curveSchema, 'a circuit curve');
  return withUnits((units) => readCurve(document, units));
}

function readCurve(document: YamlDocument<z.infer<typeof curveSchema>>, units: Units): CircuitCurve {
  const reader = createValueReader(document, units);
  const reference = reader.quantity(['reference'], document.data.reference, 'voltage', BOUNDS.voltage);
  const rows = document.data.points.map((row, i) => {
    const at = (column: number) => ['points', String(i), String(column)];
    return {
      voltage: reader.quantity(at(0), row[0], 'voltage', BOUNDS.voltage),
      delays: [1, 2, 3].map((c) => reader.quantity(at(c), row[c]!, 'time', BOUNDS.longTime)) as [
        number,
        number,
        number,
      ],
    };
  });
  for (let i = 1; i < rows.length; i++)
    if (!(rows[i]!.voltage < rows[i - 1]!.voltage))
      throw new InputError('points must fall in voltage from row to row', {
        place: document.place(['points', i]),
      });
  const base = rows.find((row) => row.voltage === reference);
  if (!base)
    throw new InputError(`no point at the reference voltage ${reference} V`, {
      place: document.place(['reference']),
    });

  const monotone = (column: 0 | 1 | 2): number[] => {
    let highest = 0;
    return rows.map((row) => {
      highest = Math.max(highest, row.delays[column] / base.delays[column]);
      return highest;
    });
  };
  return {
    name: document.data.name,
    description: document.data.description.trim(),
    reference,
    voltages: rows.map((row) => row.voltage).reverse(),
    tRCD: monotone(0).reverse(),
    tRAS: monotone(1).reverse(),
    tRP: monotone(2).reverse(),
    provenance: reader.provenance,
  };
}

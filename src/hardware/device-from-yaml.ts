import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { type Scope, type Units, withUnits } from '../units/quantity.ts';
import { BOUNDS } from './bounds.ts';
import { type Device, NO_CURVE, type Organisation, type Supply } from './device.ts';
import { readDeviceYaml } from './device-yaml.ts';
import { loadCircuitCurve } from './load-circuit-curve.ts';
import { loadNamedModel } from './load-named-model.ts';
import { loadStandard } from './load-standard.ts';
import type { ModelSource } from './model-source.ts';
import { dataPinsSchema, readDataPins } from './read-data-pins.ts';
import { onDieEccSchema, readOnDieEcc } from './read-on-die-ecc.ts';
import { organisationSchema, readOrganisation } from './read-organisation.ts';
import { railKeys, readOtherCurrents, readRails } from './read-rails.ts';
import {
  createValueReader,
  modelName,
  type SourcedValue,
  sourcedClock,
  sourcedParameter,
  sourcedVoltage,
  sourcesSchema,
  type ValueReader,
} from './sourced-values.ts';
import { LASTING_TIMES, type Standard } from './standard.ts';
import { timingConsistency } from './timing-consistency.ts';
import { readYamlTree, type YamlDocument } from './yaml-document.ts';

export const deviceSchema = z.strictObject({
  name: modelName,
  description: z.string(),
  /** The device whose keys hold where this one gives none of its own (device-yaml.ts). */
  based_on: z.string().optional(),
  standard: z.string(),
  sources: sourcesSchema,
  organisation: organisationSchema,
  on_die_ecc: onDieEccSchema,
  clock: sourcedClock,
  timing: z.object({ source: z.string().optional() }).catchall(sourcedParameter),
  supply: z.strictObject({
    source: z.string().optional(),
    nominal: sourcedVoltage,
    min: sourcedVoltage,
    max: sourcedVoltage,
    curve: z.string().optional(),
  }),
  ...railKeys,
  io: dataPinsSchema,
  /** The device of the same part with the rails that it really has. */
  own_rails: z.string().optional(),
});
type DeviceDocument = YamlDocument<z.infer<typeof deviceSchema>>;

/** Reads a device from its YAML; see load-device.ts. */
export async function deviceFromYaml(name: string, models: ModelSource, curve?: string): Promise<Device> {
  const document: DeviceDocument = readYamlTree(
    await readDeviceYaml(name, models),
    deviceSchema,
    'a DRAM device',
  );
  return withUnits((units) => readDevice(document, units, models, curve));
}

async function readDevice(
  document: DeviceDocument,
  units: Units,
  models: ModelSource,
  curve: string | undefined,
): Promise<Device> {
  const { data } = document;
  const reader = createValueReader(document, units);
  const standard = await loadNamedModel('standard', document.place(['standard']), () =>
    loadStandard(data.standard, models),
  );

  const organisation = readOrganisation(document, reader);
  const onDieEcc = readOnDieEcc(document, reader);
  const io = readDataPins(document, reader);
  const clock = reader.quantity(['clock'], data.clock, 'frequency', BOUNDS.clock);
  const timing = readTiming(document, reader, standard, clock);
  const refreshUpTo = readRefreshUpTo(document, reader, standard);
  const supply = await readSupply(document, reader, models, curve);
  const reading = { document, reader, standard, timing };
  const rails = readRails(reading);
  return {
    name: data.name,
    description: data.description.trim(),
    standard,
    organisation,
    clock,
    timing,
    ...(refreshUpTo === undefined ? {} : { refreshUpTo }),
    supply,
    rails,
    otherCurrents: readOtherCurrents(reading, rails),
    ...(io === undefined ? {} : { io }),
    ...(data.own_rails === undefined ? {} : { ownRails: data.own_rails }),
    ...(onDieEcc === undefined ? {} : { onDieEcc }),
    ...(data.energy_unknown === undefined ? {} : { energyUnknown: data.energy_unknown.trim() }),
    ...(data.energy_doubt === undefined ? {} : { energyDoubt: data.energy_doubt.trim() }),
    provenance: reader.provenance,
    places: document.places(),
    notes: [
      ...assumptions(data.organisation, organisation, supply),
      ...timingConsistency({ organisation, clock, timing }, (name) => document.place(['timing', name])),
    ],
  };
}

/**
 * The temperature up to which the file's tREFI holds, if it says so. Throws InputError where the standard does not say how
 * refresh changes with temperature, or not up to there.
 */
function readRefreshUpTo(
  document: DeviceDocument,
  reader: ValueReader,
  standard: Standard,
): number | undefined {
  const upToOf = (name: string): string | undefined => {
    const node = document.data.timing[name];
    return typeof node === 'object' ? node.up_to : undefined;
  };
  for (const name of Object.keys(document.data.timing))
    if (name !== 'tREFI' && upToOf(name) !== undefined)
      throw new InputError(`up_to stands at ${name}: tREFI alone depends on temperature`, {
        place: document.place(['timing', name, 'up_to']),
        remedy: 'leave it out',
      });
  const given = upToOf('tREFI');
  if (given === undefined) return undefined;
  const path = ['timing', 'tREFI', 'up_to'];
  const upTo = reader.quantity(path, given, 'temperature', BOUNDS.temperature);
  const last = standard.refresh.temperatures?.at(-1)?.upTo;
  const steps = standard.refresh.temperatures?.map((step) => step.upTo) ?? [];
  if (last !== undefined && upTo <= last && !steps.includes(upTo))
    throw new InputError(
      `tREFI is given up to ${upTo} C, which is no step of ${standard.name}: ${steps.join(', ')} C`,
      {
        place: document.place(path),
        remedy: 'correct up_to',
      },
    );
  if (last === undefined || upTo > last)
    throw new InputError(
      `tREFI is given up to ${upTo} C, but ${standard.name} says ${last === undefined ? 'nothing of refresh against temperature' : `how to refresh up to ${last} C`}`,
      { place: document.place(path), remedy: `correct up_to, or refresh.temperature of ${standard.name}` },
    );
  return upTo;
}

/** What stands for keys that may be left out. */
function assumptions(
  given: { readonly rows_per_subarray?: unknown },
  { rows }: Organisation,
  { curve }: Supply,
): string[] {
  return [
    ...(given.rows_per_subarray === undefined
      ? [`rows_per_subarray is not given: a bank is taken as one subarray of ${rows} rows`]
      : []),
    ...(curve === undefined ? [NO_CURVE] : []),
  ];
}

async function readSupply(
  document: DeviceDocument,
  reader: ValueReader,
  models: ModelSource,
  chosen: string | undefined,
): Promise<Supply> {
  const { supply } = document.data;
  const volts = (key: 'nominal' | 'min' | 'max'): number =>
    reader.quantity(['supply', key], supply[key], 'voltage', BOUNDS.voltage);
  const [nominal, min, max] = [volts('nominal'), volts('min'), volts('max')];
  const ordered = (lower: 'min' | 'nominal', low: number, higher: 'nominal' | 'max', high: number): void => {
    if (low > high)
      throw new InputError(`supply.${lower} ${low} V is above supply.${higher} ${high} V`, {
        place: document.place(['supply', lower]),
        remedy: 'min is at most nominal, and nominal at most max',
      });
  };
  ordered('min', min, 'nominal', nominal);
  ordered('nominal', nominal, 'max', max);
  if (chosen !== undefined) return { nominal, min, max, curve: await loadCircuitCurve(chosen, models) };
  const { curve } = supply;
  if (curve === undefined) return { nominal, min, max };
  return {
    nominal,
    min,
    max,
    curve: await loadNamedModel('circuit curve', document.place(['supply', 'curve']), () =>
      loadCircuitCurve(curve, models),
    ),
  };
}

function readTiming(
  document: DeviceDocument,
  reader: ValueReader,
  standard: Standard,
  clock: number,
): Record<string, number> {
  const scope: Record<string, Scope[string]> = { tCK: { value: 1000 / clock, dimension: 'time' } };
  const timing: Record<string, number> = {};
  for (const [name, node] of Object.entries(document.data.timing)) {
    if (name === 'source') continue;
    if (!standard.parameters.includes(name))
      throw new InputError(`${name} is not a timing parameter of ${standard.name}`, {
        place: document.keyPlace(['timing'], name),
        remedy: `parameters of ${standard.name}: ${standard.parameters.join(', ')}`,
      });
    const bounds = LASTING_TIMES.has(name) ? BOUNDS.longTime : BOUNDS.time;
    const value = reader.quantity(['timing', name], node as SourcedValue, 'time', bounds, scope);
    timing[name] = value;
    scope[name] = { value, dimension: 'time' };
  }
  const missing = standard.parameters.filter((name) => !Object.hasOwn(timing, name));
  if (missing.length > 0)
    throw new InputError(`timing lacks ${missing.join(', ')}`, {
      place: document.keyPlace([], 'timing'),
      remedy: `${standard.name} needs ${standard.parameters.join(', ')}`,
    });
  return timing;
}

import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { loadUnits, type Scope } from '../units/quantity.ts';
import { CURRENTS, type CurrentName } from './currents.ts';
import type { CurrentSet, Device, Organisation, Rail, Supply } from './device.ts';
import { loadCircuitCurve } from './load-circuit-curve.ts';
import { loadNamedModel } from './load-named-model.ts';
import { loadStandard } from './load-standard.ts';
import type { ModelSource } from './model-source.ts';
import {
  createValueReader,
  type SourcedValue,
  sourcedValue,
  sourcesSchema,
  type ValueReader,
} from './sourced-values.ts';
import type { Standard } from './standard.ts';
import { timingConsistency } from './timing-consistency.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

const source = z.string().optional();
const schema = z.strictObject({
  name: z.string(),
  description: z.string(),
  standard: z.string(),
  sources: sourcesSchema,
  organisation: z.strictObject({
    source,
    channels: sourcedValue,
    ranks: sourcedValue,
    bank_groups: sourcedValue,
    banks_per_group: sourcedValue,
    rows: sourcedValue,
    columns: sourcedValue,
    rows_per_subarray: sourcedValue,
    device_width: sourcedValue,
    devices_per_rank: sourcedValue,
    burst_length: sourcedValue,
    data_rate: sourcedValue,
  }),
  clock: sourcedValue,
  timing: z.object({ source }).catchall(sourcedValue),
  supply: z.strictObject({
    source,
    nominal: sourcedValue,
    min: sourcedValue,
    max: sourcedValue,
    curve: z.string(),
  }),
  rails: z.record(
    z.string(),
    z.strictObject({
      source,
      nominal: sourcedValue,
      scaled: z.boolean(),
      currents: z.partialRecord(z.enum(CURRENTS), sourcedValue),
    }),
  ),
  /** Other public currents of the same part, by name of the set, rail and current. */
  other_currents: z
    .record(
      z.string(),
      z.strictObject({
        source: z.string(),
        rails: z.record(z.string(), z.partialRecord(z.enum(CURRENTS), sourcedValue)),
      }),
    )
    .optional(),
  /** Why there are no currents; a device has this or rails with currents. */
  energy_unknown: z.string().optional(),
});
type DeviceFile = z.infer<typeof schema>;
type DeviceDocument = YamlDocument<DeviceFile>;

/**
 * Reads `hw-models/dram/NAME.yaml` (or the user's own file) with its standard and its circuit curve.
 * Throws InputError with file:line:column for anything missing, unknown, without unit or source, or contradictory; for a
 * fault of the standard or the curve the message also says where the device names it.
 */
export async function loadDevice(name: string, models: ModelSource): Promise<Device> {
  const document: DeviceDocument = readYaml(await models.read('dram', name), schema, 'a DRAM device');
  const { data } = document;
  const reader = createValueReader(document, await loadUnits());
  const standard = await loadNamedModel('standard', document.place(['standard']), () =>
    loadStandard(data.standard, models),
  );

  const organisation = readOrganisation(document, reader);
  const clock = reader.quantity(['clock'], data.clock, 'frequency');
  const timing = readTiming(document, reader, standard, clock);
  const supply: Supply = {
    nominal: reader.quantity(['supply', 'nominal'], data.supply.nominal, 'voltage'),
    min: reader.quantity(['supply', 'min'], data.supply.min, 'voltage'),
    max: reader.quantity(['supply', 'max'], data.supply.max, 'voltage'),
    curve: await loadNamedModel('circuit curve', document.place(['supply', 'curve']), () =>
      loadCircuitCurve(data.supply.curve, models),
    ),
  };
  const rails = readRails(document, reader, standard);
  return {
    name: data.name,
    description: data.description.trim(),
    standard,
    organisation,
    clock,
    timing,
    supply,
    rails,
    otherCurrents: readOtherCurrents(document, reader, rails, standard),
    ...(data.energy_unknown === undefined ? {} : { energyUnknown: data.energy_unknown.trim() }),
    provenance: reader.provenance,
    notes: timingConsistency({ organisation, clock, timing }, (name) => document.place(['timing', name])),
  };
}

type CurrentsNode = DeviceFile['rails'][string]['currents'];

function readCurrents(
  document: DeviceDocument,
  reader: ValueReader,
  { name, currents }: Standard,
  path: readonly string[],
  given: CurrentsNode,
): Rail['currents'] {
  return Object.fromEntries(
    Object.entries(given).map(([current, node]) => {
      if (!currents.includes(current as CurrentName))
        throw new InputError(`${current} is not a current of ${name}`, {
          place: document.place([...path, current]),
          remedy: `currents of ${name}: ${currents.join(', ')}`,
        });
      return [current, reader.quantity([...path, current], node as SourcedValue, 'current')];
    }),
  );
}

function readRails(document: DeviceDocument, reader: ValueReader, standard: Standard): Rail[] {
  const { rails, energy_unknown: unknown } = document.data;
  const read = Object.entries(rails).map(
    ([name, given]): Rail => ({
      name,
      nominal: reader.quantity(['rails', name, 'nominal'], given.nominal, 'voltage'),
      scaled: given.scaled,
      currents: readCurrents(document, reader, standard, ['rails', name, 'currents'], given.currents),
    }),
  );
  const known = read.some(({ currents }) => Object.keys(currents).length > 0);
  if (known === (unknown !== undefined))
    throw new InputError(
      known ? 'energy_unknown contradicts the currents given' : 'no rail has currents, and nothing says why',
      {
        place: document.place([known ? 'energy_unknown' : 'rails']),
        remedy: 'give either currents or energy_unknown: the reason why there are none',
      },
    );
  return read;
}

function readOtherCurrents(
  document: DeviceDocument,
  reader: ValueReader,
  rails: readonly Rail[],
  standard: Standard,
): CurrentSet[] {
  return Object.entries(document.data.other_currents ?? {}).map(([name, set]) => {
    for (const rail of Object.keys(set.rails))
      if (!rails.some((own) => own.name === rail))
        throw new InputError(`the currents "${name}" name a rail "${rail}" that the device does not have`, {
          place: document.place(['other_currents', name, 'rails', rail]),
          remedy: `rails: ${rails.map((own) => own.name).join(', ')}`,
        });
    return {
      name,
      rails: rails.map((rail) => ({
        ...rail,
        currents: readCurrents(
          document,
          reader,
          standard,
          ['other_currents', name, 'rails', rail.name],
          set.rails[rail.name] ?? {},
        ),
      })),
    };
  });
}

function readOrganisation(document: DeviceDocument, reader: ValueReader): Organisation {
  const given = document.data.organisation;
  const count = (key: Exclude<keyof typeof given, 'source' | 'device_width'>): number =>
    reader.count(['organisation', key], given[key]);
  const organisation: Organisation = {
    channels: count('channels'),
    ranks: count('ranks'),
    bankGroups: count('bank_groups'),
    banksPerGroup: count('banks_per_group'),
    rows: count('rows'),
    columns: count('columns'),
    rowsPerSubarray: count('rows_per_subarray'),
    deviceWidth: reader.quantity(['organisation', 'device_width'], given.device_width, 'data'),
    devicesPerRank: count('devices_per_rank'),
    burstLength: count('burst_length'),
    dataRate: count('data_rate'),
  };
  const divides = (key: keyof typeof given, part: number, whole: number, sentence: string): void => {
    if (whole % part !== 0)
      throw new InputError(`${sentence}: ${whole} is not a multiple of ${part}`, {
        place: document.place(['organisation', key]),
      });
  };
  divides('columns', organisation.burstLength, organisation.columns, 'columns must be whole bursts');
  divides(
    'rows_per_subarray',
    organisation.rowsPerSubarray,
    organisation.rows,
    'rows must be whole subarrays',
  );
  divides(
    'device_width',
    8,
    organisation.deviceWidth * organisation.burstLength,
    'a burst must be whole bytes',
  );
  return organisation;
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
    const place = document.place(['timing', name]);
    if (!standard.parameters.includes(name))
      throw new InputError(`${name} is not a timing parameter of ${standard.name}`, {
        place,
        remedy: `parameters of ${standard.name}: ${standard.parameters.join(', ')}`,
      });
    const value = reader.quantity(['timing', name], node as SourcedValue, 'time', scope);
    if (!(value > 0)) throw new InputError(`${name} must be longer than nothing`, { place });
    timing[name] = value;
    scope[name] = { value, dimension: 'time' };
  }
  const missing = standard.parameters.filter((name) => !(name in timing));
  if (missing.length > 0)
    throw new InputError(`timing lacks ${missing.join(', ')}`, {
      place: document.place(['timing']),
      remedy: `${standard.name} needs ${standard.parameters.join(', ')}`,
    });
  return timing;
}

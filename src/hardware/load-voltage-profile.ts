import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { loadUnits } from '../units/quantity.ts';
import { BOUNDS } from './bounds.ts';
import type { ModelSource } from './model-source.ts';
import {
  createValueReader,
  modelName,
  type SourcedValue,
  sourcedNumber,
  sourcedTime,
  sourcedVoltage,
  sourcesSchema,
  type ValueReader,
} from './sourced-values.ts';
import type { ErrorCurve, ProfileMember, RetentionTable, VoltageProfile } from './voltage-profile.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

const source = z.string().optional();
const number = z.union([z.string(), z.number()]);
const SATURATED = 'saturated';
/** Of a natural logarithm: with 10, one subarray in six is 22,000 times as weak as the middle one. */
const WIDEST = { least: 0, most: 10 };
/** Of a bank relative to the others. */
const WEIGHT = { least: 0, most: 1e9 };
const ROW = 'expected [supply, bit error rate], such as [1.1 V, 1e-6] or [1.1 V, saturated]';
const SERIES = 'expected [supply, temperature, [bit error rate at each interval]]';

const schema = z.strictObject({
  name: modelName,
  description: z.string(),
  sources: sourcesSchema,
  nominal: sourcedVoltage,
  /** Names of standards. */
  measured_on: z.array(z.string()).min(1, { error: 'expected names of standards, such as [ddr3]' }),
  published_for: z.array(z.string()).optional(),
  test_latency: sourcedTime.optional(),
  /** Least bit error rate that the measurement could have seen: one bit of the module. */
  detection_limit: sourcedNumber.optional(),
  structure: z.strictObject({
    source,
    subarray_spread: sourcedNumber,
    common_to_banks: sourcedNumber,
  }),
  members: z.record(
    z.string(),
    z.strictObject({
      source,
      line: z
        .strictObject({
          decades_per_volt: sourcedNumber,
          log10_at_zero: sourcedNumber,
          lowest: sourcedVoltage,
        })
        .optional(),
      /** [supply, bit error rate], falling in supply; "saturated" where the measurement no longer tells. */
      points: z
        .array(z.tuple([z.string(), number], { error: ROW }), { error: `expected rows: ${ROW}` })
        .optional(),
      bank_weights: z.array(number).optional(),
    }),
  ),
  retention: z
    .strictObject({
      source,
      detection_limit: sourcedNumber,
      intervals: z.array(z.string()),
      /** [supply, temperature, bit error rate at each interval]. */
      series: z.array(z.tuple([z.string(), z.string(), z.array(number)], { error: SERIES })),
    })
    .optional(),
});
type ProfileFile = z.infer<typeof schema>;
type ProfileDocument = YamlDocument<ProfileFile>;

/**
 * Reads `hw-models/voltage/NAME.yaml` (or the user's own file). Throws InputError with file:line:column for what is
 * missing, unknown, without unit or source, out of range or out of order.
 */
export async function loadVoltageProfile(name: string, models: ModelSource): Promise<VoltageProfile> {
  const document: ProfileDocument = readYaml(await models.read('voltage', name), schema, 'a voltage profile');
  const { data } = document;
  const reader = createValueReader(document, await loadUnits());
  const nominal = reader.quantity(['nominal'], data.nominal, 'voltage', BOUNDS.voltage);
  const detectionLimit =
    data.detection_limit === undefined
      ? undefined
      : probability(document, reader, ['detection_limit'], data.detection_limit);
  const members = Object.keys(data.members).map((member) =>
    readMember(document, reader, member, nominal, detectionLimit),
  );
  if (members.length === 0)
    throw new InputError('a voltage profile needs at least one member', {
      place: document.place(['members']),
    });
  const spread = reader.quantity(
    ['structure', 'subarray_spread'],
    data.structure.subarray_spread,
    'number',
    WIDEST,
  );
  return {
    name: data.name,
    description: data.description.trim(),
    nominal,
    measuredOn: data.measured_on,
    publishedFor: data.published_for ?? [],
    ...(data.test_latency === undefined
      ? {}
      : { testLatency: reader.quantity(['test_latency'], data.test_latency, 'time', BOUNDS.longTime) }),
    members,
    structure: {
      spread,
      commonToBanks: probability(
        document,
        reader,
        ['structure', 'common_to_banks'],
        data.structure.common_to_banks,
      ),
    },
    ...(data.retention === undefined ? {} : { retention: readRetention(document, reader) }),
    provenance: reader.provenance,
    places: document.places(),
  };
}

function readMember(
  document: ProfileDocument,
  reader: ValueReader,
  name: string,
  nominal: number,
  detectionLimit: number | undefined,
): ProfileMember {
  const { line, points, bank_weights: weights } = document.data.members[name]!;
  const path = ['members', name];
  if ((line === undefined) === (points === undefined))
    throw new InputError(`members.${name} needs either a line or points`, { place: document.place(path) });
  const curve = line
    ? readLine(document, reader, [...path, 'line'], nominal)
    : readPoints(document, reader, [...path, 'points'], detectionLimit);
  if (!weights) return { name, curve };
  const given = weights.map((weight, i) => {
    const at = [...path, 'bank_weights', String(i)];
    return reader.quantity(at, weight, 'number', WEIGHT);
  });
  const sum = given.reduce((total, weight) => total + weight, 0);
  if (!(sum > 0))
    throw new InputError(`members.${name}.bank_weights has no weight above 0`, {
      place: document.place([...path, 'bank_weights']),
    });
  return { name, curve, bankWeights: given.map((weight) => (weight * given.length) / sum) };
}

/** log10(BER) = decades_per_volt V + log10_at_zero between `lowest` and the nominal supply, zero from there on. */
function readLine(
  document: ProfileDocument,
  reader: ValueReader,
  path: readonly string[],
  nominal: number,
): ErrorCurve {
  const line = document.data.members[path[1]!]!.line!;
  const slope = reader.quantity([...path, 'decades_per_volt'], line.decades_per_volt, 'number');
  const intercept = reader.quantity([...path, 'log10_at_zero'], line.log10_at_zero, 'number');
  const lowest = reader.quantity([...path, 'lowest'], line.lowest, 'voltage', BOUNDS.voltage);
  if (!(lowest < nominal))
    throw new InputError(`${path.join('.')}.lowest is ${lowest} V, not below the nominal ${nominal} V`, {
      place: document.place([...path, 'lowest']),
    });
  if (!(slope < 0) || slope * lowest + intercept > 0)
    throw new InputError(`${path.join('.')} is not a falling line of probabilities`, {
      place: document.place(path),
      remedy: 'the bit error rate must fall with voltage and be at most 1 at the lowest supply',
    });
  return {
    voltages: [lowest, nominal],
    log10Ber: [slope * lowest + intercept, slope * nominal + intercept],
    errorFree: nominal,
  };
}

/**
 * Measured points. The error-free voltage is the lowest one tested without an error; just below it the rate begins at
 * the detection limit. A lower voltage never has fewer errors than a higher one (noise is levelled by a running
 * maximum). The curve ends where the measurement saturates.
 */
function readPoints(
  document: ProfileDocument,
  reader: ValueReader,
  path: readonly string[],
  detectionLimit: number | undefined,
): ErrorCurve {
  const rows = document.data.members[path[1]!]!.points!;
  const place = (i: number) => document.place([...path, i]);
  if (detectionLimit === undefined || detectionLimit === 0)
    throw new InputError(`${path.join('.')} needs the profile's detection_limit`, {
      place: document.place(path),
      remedy: 'give the least bit error rate that the measurement could have seen, above 0',
    });
  const voltages: number[] = [];
  const log10Ber: number[] = [];
  let errorFree: number | undefined;
  let previous = Number.POSITIVE_INFINITY;
  let saturated = false;
  rows.forEach(([supplyText, berText], i) => {
    const supply = reader.quantity([...path, String(i), '0'], supplyText, 'voltage', BOUNDS.voltage);
    if (!(supply < previous))
      throw new InputError(`${path.join('.')} must fall in voltage from row to row`, { place: place(i) });
    previous = supply;
    if (berText === SATURATED || saturated) {
      if (berText !== SATURATED)
        throw new InputError(`${path.join('.')} goes on after it has saturated`, { place: place(i) });
      saturated = true;
      return;
    }
    const ber = probability(document, reader, [...path, String(i), '1'], berText);
    if (ber === 0 && log10Ber.length <= 1) {
      errorFree = supply;
      voltages[0] = supply;
      log10Ber[0] = Math.log10(detectionLimit);
      return;
    }
    if (errorFree === undefined)
      throw new InputError(`${path.join('.')} must begin with an error-free voltage (rate 0)`, {
        place: place(i),
      });
    voltages.push(supply);
    log10Ber.push(Math.max(log10Ber.at(-1)!, ber === 0 ? Number.NEGATIVE_INFINITY : Math.log10(ber)));
  });
  if (errorFree === undefined)
    throw new InputError(`${path.join('.')} has no error-free voltage`, { place: document.place(path) });
  return { voltages: voltages.reverse(), log10Ber: log10Ber.reverse(), errorFree };
}

function readRetention(document: ProfileDocument, reader: ValueReader): RetentionTable {
  const { retention } = document.data;
  const given = retention!;
  const intervals = given.intervals.map(
    (text, i) => reader.quantity(['retention', 'intervals', String(i)], text, 'time', BOUNDS.retention) / 1e6,
  );
  intervals.forEach((interval, i) => {
    if (i > 0 && interval <= intervals[i - 1]!)
      throw new InputError('retention.intervals must grow from one to the next', {
        place: document.place(['retention', 'intervals', i]),
      });
  });
  const series = given.series.map(([supply, temperature, rates], i) => {
    const path = ['retention', 'series', String(i)];
    if (rates.length !== intervals.length)
      throw new InputError(`${path.join('.')} has ${rates.length} rates for ${intervals.length} intervals`, {
        place: document.place(path),
      });
    const ber = rates.map((rate, j) => probability(document, reader, [...path, '2', String(j)], rate));
    ber.forEach((rate, j) => {
      if (j > 0 && rate < ber[j - 1]!)
        throw new InputError(`${path.join('.')} must not fall with the refresh interval`, {
          place: document.place([...path, '2', j]),
        });
    });
    return {
      supply: reader.quantity([...path, '0'], supply, 'voltage', BOUNDS.voltage),
      temperature: reader.quantity([...path, '1'], temperature, 'temperature'),
      intervals,
      ber,
    };
  });
  return {
    detectionLimit: probability(document, reader, ['retention', 'detection_limit'], given.detection_limit),
    series,
  };
}

function probability(
  document: ProfileDocument,
  reader: ValueReader,
  path: readonly string[],
  node: SourcedValue,
): number {
  const value = reader.quantity(path, node, 'number');
  if (!(value >= 0 && value <= 1))
    throw new InputError(`${path.join('.')} is ${value}: expected a probability between 0 and 1`, {
      place: document.place(path),
    });
  return value;
}

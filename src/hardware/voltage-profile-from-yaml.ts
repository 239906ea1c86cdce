import { InputError } from '../errors/input-error.ts';
import { type Units, withUnits } from '../units/quantity.ts';
import { BOUNDS } from './bounds.ts';
import { derivedMembers, largerMember, meanMember, type ProfileReading } from './derived-members.ts';
import type { ModelSource } from './model-source.ts';
import { probability } from './probability.ts';
import { type ProfileDocument, profileSchema } from './profile-schema.ts';
import { readLine, readPoints } from './read-error-curve.ts';
import { readRetention } from './read-retention.ts';
import { createValueReader, type ValueReader } from './sourced-values.ts';
import type { ProfileMember, SubarrayStructure, VoltageProfile } from './voltage-profile.ts';
import { readYaml } from './yaml-document.ts';

/** Of a natural logarithm: with 10, one subarray in six is 22,000 times as weak as the middle one. */
const WIDEST = { least: 0, most: 10 };
/** Of a bank relative to the others. */
const WEIGHT = { least: 0, most: 1e9 };

/** What gives a member its curve. */
const KINDS = ['line', 'points', 'mean_of', 'larger_of'] as const;

/** Reads a voltage profile from its YAML; see load-voltage-profile.ts. `within` are the profiles that name this one. */
export async function voltageProfileFromYaml(
  name: string,
  models: ModelSource,
  within: readonly string[] = [],
): Promise<VoltageProfile> {
  const document: ProfileDocument = readYaml(
    await models.read('voltage', name),
    profileSchema,
    'a voltage profile',
  );
  const { data } = document;
  if (within.includes(name))
    throw new InputError(`the voltage profile ${data.name} is made of itself`, {
      place: document.place([]),
      remedy: `${[...within, name].join(' names ')}: correct one of them`,
    });
  const load = (other: string) => voltageProfileFromYaml(other, models, [...within, name]);
  return withUnits((units) => readProfile(document, units, load));
}

async function readProfile(
  document: ProfileDocument,
  units: Units,
  load: ProfileReading['load'],
): Promise<VoltageProfile> {
  const { data } = document;
  const reader = createValueReader(document, units);
  const nominal = reader.quantity(['nominal'], data.nominal, 'voltage', BOUNDS.voltage);
  const detectionLimit =
    data.detection_limit === undefined
      ? undefined
      : probability(document, reader, ['detection_limit'], data.detection_limit);
  const testLatency =
    data.test_latency === undefined
      ? undefined
      : reader.quantity(['test_latency'], data.test_latency, 'time', BOUNDS.longTime);
  const members = await readMembers({ document, reader, nominal, testLatency, detectionLimit, load });
  const population = data.population ?? false;
  if (population && members.length < 2)
    throw new InputError(`the population of ${data.name} is one module, which says nothing of others`, {
      place: document.keyPlace([], 'population'),
      remedy: 'give it the modules that were measured, at least two, or leave out "population"',
    });
  // Where every module brings a table of its own, that of the first says which conditions were measured.
  const retention =
    data.retention !== undefined
      ? readRetention(document, reader)
      : members.every((member) => member.retention !== undefined)
        ? members[0]!.retention
        : undefined;
  return {
    name: data.name,
    description: data.description.trim(),
    nominal,
    measuredOn: data.measured_on,
    publishedFor: data.published_for ?? [],
    ...(testLatency === undefined ? {} : { testLatency }),
    members,
    ...(population ? { population } : {}),
    structure: readStructure(document, reader, members),
    ...(retention === undefined ? {} : { retention }),
    provenance: reader.provenance,
    places: document.places(),
  };
}

/** The clustering of a profile; one whose members all bring their own takes that of the first. */
function readStructure(
  document: ProfileDocument,
  reader: ValueReader,
  members: readonly ProfileMember[],
): SubarrayStructure {
  const { structure } = document.data;
  if (structure === undefined) {
    const own = members[0]?.structure;
    if (own !== undefined) return own;
    throw new InputError('structure is missing: expected subarray_spread and common_to_banks', {
      place: document.place([]),
    });
  }
  return {
    spread: reader.quantity(['structure', 'subarray_spread'], structure.subarray_spread, 'number', WIDEST),
    commonToBanks: probability(document, reader, ['structure', 'common_to_banks'], structure.common_to_banks),
  };
}

async function readMembers(reading: ProfileReading): Promise<ProfileMember[]> {
  const { document } = reading;
  const { members, members_of: others } = document.data;
  if ((members === undefined) === (others === undefined))
    throw new InputError(
      members === undefined
        ? 'members is missing: expected the modules, or members_of instead'
        : 'a voltage profile has either members or members_of, not both',
      { place: members === undefined ? document.place([]) : document.keyPlace([], 'members_of') },
    );
  if (others !== undefined) return derivedMembers(others, reading);
  const names = Object.keys(members!);
  if (names.length === 0)
    throw new InputError('a voltage profile needs at least one member', {
      place: document.place(['members']),
    });
  const read: ProfileMember[] = [];
  for (const name of names) read.push(await readMember(name, reading));
  return read;
}

async function readMember(name: string, reading: ProfileReading): Promise<ProfileMember> {
  const { document, reader } = reading;
  const given = document.data.members![name]!;
  const { bank_weights: weights } = given;
  const path = ['members', name];
  if (KINDS.filter((kind) => given[kind] !== undefined).length !== 1)
    throw new InputError(
      `members.${name} needs either a line or points, or one of mean_of and larger_of instead`,
      { place: document.place(path) },
    );
  const member = { name, ...(await readCurve(name, reading)) };
  if (!weights) return member;
  const relative = weights.map((weight, i) => {
    const at = [...path, 'bank_weights', String(i)];
    return reader.quantity(at, weight, 'number', WEIGHT);
  });
  const sum = relative.reduce((total, weight) => total + weight, 0);
  if (!(sum > 0))
    throw new InputError(`members.${name}.bank_weights has no weight above 0`, {
      place: document.place([...path, 'bank_weights']),
    });
  return { ...member, bankWeights: relative.map((weight) => (weight * relative.length) / sum) };
}

async function readCurve(name: string, reading: ProfileReading): Promise<Omit<ProfileMember, 'name'>> {
  const { document, reader, nominal, detectionLimit } = reading;
  const { line, mean_of: mean, larger_of: larger } = document.data.members![name]!;
  if (line !== undefined) return { curve: readLine(document, reader, name, nominal) };
  if (mean !== undefined) return meanMember(name, mean, reading);
  if (larger !== undefined) return largerMember(name, larger, reading);
  return readPoints(document, reader, name, detectionLimit);
}

import { InputError } from '../errors/input-error.ts';
import type { Nanoseconds, Volts } from '../units/flavours.ts';
import { largerCurve } from './larger-curve.ts';
import { loadNamedModel } from './load-named-model.ts';
import type { ProfileDocument } from './profile-schema.ts';
import type { Provenance } from './provenance.ts';
import { curveOfPoints } from './read-error-curve.ts';
import type { ValueReader } from './sourced-values.ts';
import type { ModulesAt, ProfileMember, TestedPoint, VoltageProfile } from './voltage-profile.ts';

/** A profile's file while its members are read. */
export interface ProfileReading {
  readonly document: ProfileDocument;
  readonly reader: ValueReader;
  readonly nominal: Volts;
  readonly testLatency: Nanoseconds | undefined;
  readonly detectionLimit: number | undefined;
  /** Loads a profile that this one names. */
  readonly load: (name: string) => Promise<VoltageProfile>;
}

/**
 * Loads the profile that the file names at `path`. Throws InputError for one that cannot be read, and for one of another
 * nominal supply, whose volts are others.
 */
async function loadOther(
  name: string,
  path: readonly (string | number)[],
  { document, nominal, load }: ProfileReading,
): Promise<VoltageProfile> {
  const place = document.place(path);
  const other = await loadNamedModel('voltage profile', place, () => load(name));
  if (other.nominal !== nominal)
    throw new InputError(
      `${other.name} has a nominal supply of ${other.nominal} V, ${document.data.name} one of ${nominal} V`,
      { place, remedy: 'profiles that are put together need the same' },
    );
  return other;
}

/**
 * All members of the profiles named, each with the clustering and the retention of its own profile. Throws InputError for
 * two members of one name, and where the errors were measured at another latency than this profile says.
 */
export async function derivedMembers(
  names: readonly string[],
  file: ProfileReading,
): Promise<ProfileMember[]> {
  const { document, reader, testLatency } = file;
  const members: ProfileMember[] = [];
  const from = new Map<string, string>();
  for (const [i, name] of names.entries()) {
    const path = ['members_of', i];
    const place = document.place(path);
    const other = await loadOther(name, path, file);
    if (other.testLatency !== testLatency)
      throw new InputError(
        `errors of ${other.name} were measured at ${latencyOf(other.testLatency)}, those of ${document.data.name} at ${latencyOf(testLatency)}`,
        { place, remedy: 'give the test_latency that the profiles put together have' },
      );
    for (const member of other.members) {
      const before = from.get(member.name);
      if (before !== undefined)
        throw new InputError(
          `two members are called ${member.name}: one of ${before} and one of ${other.name}`,
          {
            place,
            remedy:
              before === other.name
                ? `name ${other.name} once`
                : 'rename one of them in its profile, or leave out one of the two profiles',
          },
        );
      from.set(member.name, other.name);
      const { structure, retention } = other;
      members.push({ structure, ...(retention === undefined ? {} : { retention }), ...member });
    }
    reader.provenance.push(...provenanceOf(other));
  }
  return members;
}

/** Numbers that profiles put together have in common. */
const SHARED = /\.(nominal|structure\..*)$/;

/** The numbers of a profile, with its name before their paths. */
const provenanceOf = ({ name, provenance }: VoltageProfile): Provenance[] =>
  provenance.map((one) => ({ ...one, path: `${name}.${one.path}` }));

const latencyOf = (latency: Nanoseconds | undefined): string =>
  latency === undefined ? 'no latency that is said' : `tRCD and tRP of ${latency} ns`;

/**
 * The mean of a profile's modules at each supply, over those that were tested there; it ends where one of them saturates.
 * Which modules these are is part of the provenance.
 */
export async function meanMember(
  member: string,
  name: string,
  file: ProfileReading,
): Promise<Omit<ProfileMember, 'name'>> {
  const { document, reader, detectionLimit } = file;
  const path = ['members', member, 'mean_of'];
  const place = document.place(path);
  const refuse = (what: string, remedy: string): never => {
    throw new InputError(`${path.join('.')} ${what}`, { place, remedy });
  };
  if (detectionLimit === undefined || detectionLimit === 0)
    return refuse(
      "needs the profile's detection_limit",
      'give the least mean bit error rate that the measurements could have seen, above 0',
    );
  const other = await loadOther(name, path, file);
  const supplies = [
    ...new Set(other.members.flatMap(({ tests = [] }) => tests.map(({ supply }) => supply))),
  ].sort((a, b) => b - a);
  if (supplies.length === 0)
    refuse(
      `names ${other.name}, whose members have no tested points`,
      'name a profile with members of points',
    );
  const modules: ModulesAt[] = [];
  const tests: TestedPoint[] = [];
  for (const supply of supplies) {
    const found = other.members.flatMap(({ name: module, tests: points = [] }) =>
      points.filter((point) => point.supply === supply).map(({ ber }) => ({ module, ber })),
    );
    if (found.some(({ ber }) => ber === 'saturated')) break;
    const ber = found.reduce((sum, one) => sum + Number(one.ber), 0) / found.length;
    tests.push({ supply, ber });
    modules.push({ supply, ber, modules: found.map(({ module }) => module) });
  }
  const { curve, levelled } = curveOfPoints(tests, detectionLimit, refuse);
  const key = document.data.members![member]!.source;
  for (const at of modules)
    reader.provenance.push({
      path: `members.${member}.${at.supply} V`,
      text: at.ber === 0 ? '0' : at.ber.toExponential(3),
      source: (key === undefined ? undefined : document.data.sources[key]) ?? other.name,
      line: place.line ?? 1,
      note: `mean of ${at.modules.length} of ${other.members.length} modules of ${other.name}: ${at.modules.join(', ')}`,
    });
  return { curve, tests, modules, ...(levelled.length > 0 ? { levelled } : {}) };
}

/** The more pessimistic of two profiles at every supply. Throws InputError for profiles of more than one member. */
export async function largerMember(
  member: string,
  names: readonly string[],
  file: ProfileReading,
): Promise<Omit<ProfileMember, 'name'>> {
  const path = ['members', member, 'larger_of'];
  const both: ProfileMember[] = [];
  for (const [i, name] of names.entries()) {
    const other = await loadOther(name, [...path, i], file);
    if (other.members.length !== 1)
      throw new InputError(`${other.name} has ${other.members.length} members: which of them is not said`, {
        place: file.document.place([...path, i]),
        remedy: 'name profiles of one member',
      });
    both.push(other.members[0]!);
    file.reader.provenance.push(...provenanceOf(other).filter(({ path }) => !SHARED.test(path)));
  }
  const [a, b] = both as [ProfileMember, ProfileMember];
  const modules = a.modules ?? b.modules;
  return { curve: largerCurve(a.curve, b.curve), ...(modules === undefined ? {} : { modules }) };
}

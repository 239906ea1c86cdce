import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { suggest } from '../errors/suggest.ts';
import type { Nanoseconds } from '../units/flavours.ts';
import { BOUNDS } from './bounds.ts';
import { type BankRefresh, requireConsistentCurrents } from './current-consistency.ts';
import { CURRENTS, type CurrentName } from './currents.ts';
import type { CurrentSet, Rail } from './device.ts';
import { type SourcedValue, sourcedCurrent, sourcedVoltage, type ValueReader } from './sourced-values.ts';
import type { Standard } from './standard.ts';
import type { YamlDocument } from './yaml-document.ts';

/** A rail's name stands in results; "I/O" is the pins' own. */
const railName = z.string().regex(/^[A-Za-z]\w{0,31}$/, {
  error: 'expected the name of a rail: at most 32 letters, digits and _',
});
const currents = z.partialRecord(z.enum(CURRENTS), sourcedCurrent);
type GivenCurrents = z.infer<typeof currents>;

/** The keys of a device file that speak of its rails. */
export const railKeys = {
  rails: z.record(
    railName,
    z.strictObject({
      source: z.string().optional(),
      nominal: sourcedVoltage,
      scaled: z.boolean({ error: 'expected true or false: whether --supply scales the rail' }),
      currents,
    }),
  ),
  /** Other public currents of the same part, by name of the set, rail and current. */
  other_currents: z
    .record(z.string(), z.strictObject({ source: z.string(), rails: z.record(z.string(), currents) }))
    .optional(),
  /** Why there are no currents; a device has this or rails with currents. */
  energy_unknown: z.string().optional(),
  energy_doubt: z.string().optional(),
};
const schema = z.object(railKeys);
type RailFile = z.infer<typeof schema>;

/** What the rails are read with. */
export interface RailReading {
  readonly document: YamlDocument<RailFile>;
  readonly reader: ValueReader;
  readonly standard: Standard;
  readonly timing: Readonly<Record<string, Nanoseconds>>;
}

/** The rails with the device's own currents. Throws InputError with the place of what cannot be. */
export function readRails(reading: RailReading): Rail[] {
  const { document, reader } = reading;
  const { rails, energy_unknown: unknown } = document.data;
  const read = Object.entries(rails).map(
    ([name, given]): Rail => ({
      name,
      nominal: reader.quantity(['rails', name, 'nominal'], given.nominal, 'voltage', BOUNDS.voltage),
      scaled: given.scaled,
      ...readCurrents(reading, name, ['rails', name, 'currents'], given.currents),
      currentsPlace: document.keyPlace(['rails', name], 'currents'),
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

/** The other sets of currents, on the same rails. Throws InputError as `readRails` does. */
export function readOtherCurrents(reading: RailReading, rails: readonly Rail[]): CurrentSet[] {
  const { document } = reading;
  const names = rails.map(({ name }) => name);
  return Object.entries(document.data.other_currents ?? {}).map(([name, set]) => {
    for (const rail of Object.keys(set.rails))
      if (!names.includes(rail))
        throw new InputError(
          `the currents ${quoted(name)} name a rail ${quoted(rail)} that the device does not have`,
          {
            place: document.keyPlace(['other_currents', name, 'rails'], rail),
            remedy: suggest(rail, names, 'rails'),
          },
        );
    return {
      name,
      rails: rails.map(({ name: railName, nominal, scaled }) => ({
        name: railName,
        nominal,
        scaled,
        ...readCurrents(
          reading,
          railName,
          ['other_currents', name, 'rails', railName],
          set.rails[railName] ?? {},
        ),
        currentsPlace: document.keyPlace(['other_currents', name, 'rails'], railName),
      })),
    };
  });
}

function readCurrents(
  reading: RailReading,
  rail: string,
  path: readonly string[],
  given: GivenCurrents,
): Pick<Rail, 'currents' | 'bankRefreshInterval'> {
  const { document, reader, standard } = reading;
  const read = Object.fromEntries(
    Object.entries(given).map(([current, node]) => {
      if (!standard.currents.includes(current as CurrentName))
        throw new InputError(`${current} is not a current of ${standard.name}`, {
          place: document.keyPlace(path, current),
          remedy: `currents of ${standard.name}: ${standard.currents.join(', ')}`,
        });
      return [current, reader.quantity([...path, current], withAverage(node), 'current', BOUNDS.current)];
    }),
  ) as Rail['currents'];
  const refresh = readBankRefresh(reading, path, given);
  requireConsistentCurrents(rail, read, refresh, {
    place: (current) => document.place([...path, current]),
    hasNote(current) {
      const node = given[current];
      return typeof node === 'object' && (node.note ?? '').trim() !== '';
    },
  });
  return { currents: read, ...(refresh === undefined ? {} : { bankRefreshInterval: refresh.interval }) };
}

/** The value with what it is an average over in its note, for the tables of provenance. */
function withAverage(node: NonNullable<GivenCurrents[CurrentName]>): SourcedValue {
  if (typeof node !== 'object' || node.average_over === undefined) return node;
  const { average_over, note, ...value } = node;
  const average = `average over ${average_over.trim()}`;
  return { ...value, note: note === undefined ? average : `${average}; ${note}` };
}

const AVERAGE_OVER = /^\s*(?:tRFCpb|tREFI\s*\/\s*([1-9]\d{0,2}))\s*$/;

/**
 * What IDD5PB is, from its key `average_over`: "tREFI/8" for the average while a bank is refreshed every tREFI/8, "tRFCpb"
 * for the current while one refresh lasts. Undefined without an IDD5PB. Throws InputError where the file does not say, where
 * another current has the key, and for a time in which a refresh does not fit.
 */
function readBankRefresh(
  { document, timing }: RailReading,
  path: readonly string[],
  given: GivenCurrents,
): BankRefresh | undefined {
  const keyOf = (node: GivenCurrents[CurrentName]): string | undefined =>
    typeof node === 'object' ? node.average_over : undefined;
  for (const [name, node] of Object.entries(given))
    if (name !== 'IDD5PB' && keyOf(node) !== undefined)
      throw new InputError(`average_over is a key of IDD5PB alone, not of ${name}`, {
        place: document.place([...path, name, 'average_over']),
      });
  const node = given.IDD5PB;
  const [tRFCpb, tREFI] = [timing['tRFCpb'], timing['tREFI']];
  if (node === undefined || tRFCpb === undefined || tREFI === undefined) return undefined;
  const remedy =
    'average_over: tREFI/8 for the average while a bank is refreshed every tREFI/8, tRFCpb for the current while one refresh lasts';
  const text = keyOf(node);
  if (text === undefined)
    throw new InputError('IDD5PB does not say over which time it is an average', {
      place: document.place([...path, 'IDD5PB']),
      remedy: `write { value: ..., average_over: ... }; ${remedy}`,
    });
  const place = document.place([...path, 'IDD5PB', 'average_over']);
  const read = AVERAGE_OVER.exec(text);
  if (read === null)
    throw new InputError(`average_over is ${quoted(text)}: expected tREFI/N or tRFCpb`, { place, remedy });
  const interval = read[1] === undefined ? tRFCpb : tREFI / Number(read[1]);
  if (interval < tRFCpb)
    throw new InputError(
      `average_over ${text.trim()} is ${Number(interval.toPrecision(6))} ns, shorter than the refresh, tRFCpb ${tRFCpb} ns`,
      { place, remedy },
    );
  return { tRFCpb, interval };
}

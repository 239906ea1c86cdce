import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { suggest } from '../errors/suggest.ts';
import type { Nanoseconds } from '../units/flavours.ts';
import { BOUNDS } from './bounds.ts';
import { requireConsistentCurrents } from './current-consistency.ts';
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
      currents: readCurrents(reading, name, ['rails', name, 'currents'], given.currents),
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
      rails: rails.map((rail) => ({
        ...rail,
        currents: readCurrents(
          reading,
          rail.name,
          ['other_currents', name, 'rails', rail.name],
          set.rails[rail.name] ?? {},
        ),
        currentsPlace: document.keyPlace(['other_currents', name, 'rails'], rail.name),
      })),
    };
  });
}

function readCurrents(
  { document, reader, standard, timing }: RailReading,
  rail: string,
  path: readonly string[],
  given: Readonly<Partial<Record<CurrentName, SourcedValue>>>,
): Rail['currents'] {
  const read = Object.fromEntries(
    Object.entries(given).map(([current, node]) => {
      if (!standard.currents.includes(current as CurrentName))
        throw new InputError(`${current} is not a current of ${standard.name}`, {
          place: document.keyPlace(path, current),
          remedy: `currents of ${standard.name}: ${standard.currents.join(', ')}`,
        });
      return [current, reader.quantity([...path, current], node, 'current', BOUNDS.current)];
    }),
  ) as Rail['currents'];
  const [energy, tRFCpb, tREFI] = [standard.perBankRefreshEnergy, timing['tRFCpb'], timing['tREFI']];
  const refresh =
    energy === undefined || tRFCpb === undefined || tREFI === undefined
      ? undefined
      : { tRFCpb, tREFI, refreshesPerInterval: energy.refreshesPerInterval };
  requireConsistentCurrents(rail, read, refresh, {
    place: (current) => document.place([...path, current]),
    hasNote(current) {
      const node = given[current];
      return typeof node === 'object' && (node.note ?? '').trim() !== '';
    },
  });
  return read;
}

import { InputError } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';
import { suggest } from '../../errors/suggest.ts';
import { type Draft, type DraftNumber, IDD5PB_AVERAGE, ORGANISATION_KEYS } from './draft.ts';

/** A number that the user gives: its name, such as "tRTRS", "ranks", "supply.min" or "VDD.IDD5", and its text. */
export type SetNumber = readonly [name: string, text: string];

const SUPPLY = ['nominal', 'min', 'max'] as const;

/** Writes the user's numbers over the draft's. Throws InputError for a name that the device file cannot have. */
export function setNumbers(draft: Draft, numbers: readonly SetNumber[]): void {
  if (numbers.length > 0) draft.sources['user'] = 'given by the user at the import (--set)';
  const given = new Set<string>();
  for (const [name, text] of numbers) {
    if (given.has(name))
      throw new InputError(`--set gives ${quoted(name)} twice`, { remedy: 'give it once' });
    given.add(name);
    const value: DraftNumber = { text, from: [], source: 'user' };
    const organisation = ORGANISATION_KEYS.find((key) => key === name);
    const supply = SUPPLY.find((key) => `supply.${key}` === name);
    const rail = draft.rails.find((candidate) => name.startsWith(`${candidate.name}.`));
    const current = rail && draft.standard.currents.find((key) => `${rail.name}.${key}` === name);
    if (organisation !== undefined) draft.organisation[organisation] = value;
    else if (name === 'clock') draft.clock = value;
    else if (supply !== undefined) draft.supply[supply] = value;
    else if (draft.standard.parameters.includes(name)) draft.timing[name] = value;
    else if (rail && current !== undefined)
      rail.currents[current] = current === 'IDD5PB' ? { ...value, averageOver: IDD5PB_AVERAGE } : value;
    else
      throw new InputError(`--set: ${quoted(name)} is no number of such a device`, {
        remedy: suggest(name, settable(draft), 'names'),
      });
  }
}

const settable = ({ standard, rails }: Draft): string[] => [
  ...standard.parameters,
  ...ORGANISATION_KEYS,
  'clock',
  ...SUPPLY.map((key) => `supply.${key}`),
  ...rails.flatMap(({ name }) => standard.currents.map((current) => `${name}.${current}`)),
];

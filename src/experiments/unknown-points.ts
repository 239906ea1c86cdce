import type { MappingPolicy } from '../mapping/policy.ts';
import type { Volts } from '../units/flavours.ts';

/** Why nothing is known of a module at a supply. */
export const UNKNOWN_WHY = ['saturated', 'untested'] as const;

/** A point at which nothing is known of the module that its chip takes. */
export interface UnknownPoint {
  readonly supply: Volts;
  readonly mapping: MappingPolicy;
  readonly chip: number;
  readonly module: string;
  readonly why: (typeof UNKNOWN_WHY)[number];
}

const WORDS = {
  untested: 'not tested at so low a supply',
  saturated: 'with more errors than the measurement could count',
} as const;

/** A line for each supply and reason: how many chips have no row there, and which modules they take. */
export function unknownInWords(points: readonly UnknownPoint[]): string[] {
  const groups = new Map<string, UnknownPoint[]>();
  for (const point of points) {
    const key = `${point.supply}/${point.why}`;
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  return [...groups.values()].map((group) => {
    const [{ supply, why }] = group as [UnknownPoint];
    const chips = new Set(group.map(({ chip }) => chip)).size;
    const modules = [...new Set(group.map(({ module }) => module))];
    return (
      `${supply} V: ${chips} ${chips === 1 ? 'chip has' : 'chips have'} no results, ` +
      `of ${modules.length === 1 ? 'a module' : 'modules'} ${WORDS[why]}: ${modules.join(', ')}`
    );
  });
}

/** What an InputError says where no point has results. */
export const nothingKnown = (
  points: readonly UnknownPoint[],
): [what: string, options: { remedy: string }] => [
  `nothing is known of the modules of any chip at ${[...new Set(points.map(({ supply }) => supply))].join(', ')} V`,
  { remedy: 'choose a higher --supply, or more --chips: each takes another module' },
];

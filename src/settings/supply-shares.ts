import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import type { Volts } from '../units/flavours.ts';
import { readSupplies, valuesOf } from './supply-list.ts';

/** Supplies of which some are shares of a device's nominal supply, in the order given. */
export interface SupplyShares {
  /** As they were given. */
  readonly text: string;
  readonly supplies: readonly ({ readonly volts: Volts } | { readonly percent: number })[];
}

const PERCENT = /^(\d+(?:\.\d+)?|\.\d+)\s*%$/;

/**
 * Reads "100%,90%,76%", a range in percent "100%:76%:4%", or these among volts; undefined for a text without a percent
 * sign. Throws InputError for a text that is no such list.
 */
export function readSupplyShares(text: string): SupplyShares | undefined {
  if (!text.includes('%')) return undefined;
  const supplies = text.split(',').flatMap((part): SupplyShares['supplies'][number][] => {
    if (!part.includes('%')) return readSupplies(part).map((volts) => ({ volts }));
    return valuesOf(part, readPercent, 'a share').map((percent) => ({ percent }));
  });
  return { text, supplies };
}

/** A share such as "90%", in percent. Throws InputError for any other word, and for 0 %. */
export function readPercent(word: string): number {
  const percent = Number(PERCENT.exec(word)?.[1]);
  if (!(percent > 0))
    throw new InputError(`${quoted(word)} is no share of the nominal supply: expected one such as 90%`);
  return percent;
}

/** A share of a nominal supply, to a nanovolt. */
export const shareOfNominal = (percent: number, nominal: Volts): Volts =>
  Number(((nominal * percent) / 100).toFixed(9)) as Volts;

/** The supplies in volts, each once. */
export const inVolts = ({ supplies }: SupplyShares, nominal: Volts): Volts[] => [
  ...new Set(supplies.map((one) => ('volts' in one ? one.volts : shareOfNominal(one.percent, nominal)))),
];

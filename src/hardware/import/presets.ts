/** An organisation by the name that configurations of another simulator give it: counts, and the density in Mbit. */
export interface OrganisationPreset {
  readonly density: number;
  readonly dq: number;
  readonly bankgroup?: number | undefined;
  readonly bank: number;
  readonly row: number;
  readonly column: number;
}

/** Figures by a number that stands as a key: data pins, or Mbit. */
export type BySize<T> = Readonly<Record<string, T>>;

/** The figures that another simulator holds in its code, by the names that its configurations use. */
export interface Presets {
  readonly name: string;
  readonly title: string;
  /** The name that configurations give for it. */
  readonly implementation: string;
  readonly standard: string;
  readonly source: string;
  /** Bits of a channel by default. */
  readonly channelWidth: number;
  /** Transfers a clock cycle. */
  readonly dataRate: number;
  readonly organisations: Readonly<Record<string, OrganisationPreset>>;
  /** Of each speed: "rate", millions of transfers a second, and times in cycles. */
  readonly speeds: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Millions of transfers a second, in the order of the lists of `byWidth`. */
  readonly rates: readonly number[];
  /** Cycles of a time, by data pins, at each of the rates. */
  readonly byWidth: Readonly<Record<string, BySize<readonly number[]>>>;
  /** ns of a time, by Mbit of a device. */
  readonly byDensity: Readonly<Record<string, BySize<number>>>;
  /** ns from one all-bank refresh to the next. */
  readonly refreshInterval: number;
}

const entry = <T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;

/** Cycles of a time at a rate with so many data pins; undefined where the table has no such column. */
export const cyclesByWidth = (
  { byWidth, rates }: Presets,
  time: string,
  rate: number,
  width: number,
): number | undefined => entry(entry(byWidth, time), String(width))?.[rates.indexOf(rate)];

/** ns of a time on a device of so many Mbit; undefined where the table has none. */
export const timeByDensity = ({ byDensity }: Presets, time: string, megabits: number): number | undefined =>
  entry(entry(byDensity, time), String(megabits));

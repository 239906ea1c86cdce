import { z } from 'zod';
import { InputError } from '../../errors/input-error.ts';
import type { ModelSource } from '../model-source.ts';
import { modelName, sourcesSchema } from '../sourced-values.ts';
import { readYaml } from '../yaml-document.ts';

const count = z.int({ error: 'expected a whole number' }).positive({ error: 'expected a number above 0' });
const organisation = z.strictObject({
  density: count,
  dq: count,
  bankgroup: count.optional(),
  bank: count,
  row: count,
  column: count,
});
/** Numbers by data pins or by Mbit of a device. */
const bySize = <T extends z.ZodType>(of: T) =>
  z.record(z.string().regex(/^\d+$/, { error: 'expected a number' }), of);

const schema = z.strictObject({
  name: modelName,
  title: z.string(),
  implementation: z.string(),
  standard: z.string(),
  sources: sourcesSchema,
  source: z.string(),
  channel_width: count,
  data_rate: count,
  organisations: z.record(z.string(), organisation),
  speed_columns: z.array(z.string()).min(1),
  speeds: z.record(z.string(), z.array(count)),
  by_width: z.object({ rates: z.array(count) }).catchall(bySize(z.array(count))),
  by_density: z.record(z.string(), bySize(count)),
  refresh_interval_ns: count,
});

export type OrganisationPreset = z.infer<typeof organisation>;

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
  /** Cycles of a time at a rate with so many data pins; undefined where the table has no such column. */
  byWidth(time: string, rate: number, width: number): number | undefined;
  /** ns of a time on a device of so many Mbit. */
  byDensity(time: string, megabits: number): number | undefined;
  /** ns from one all-bank refresh to the next. */
  readonly refreshInterval: number;
}

/** Reads `hw-models/presets/NAME.yaml`. Throws InputError with file:line:column for what does not fit. */
export async function loadPresets(name: string, models: ModelSource): Promise<Presets> {
  const { data, place } = readYaml(await models.read('presets', name), schema, 'a table of presets');
  const source = Object.hasOwn(data.sources, data.source) ? data.sources[data.source] : undefined;
  if (source === undefined)
    throw new InputError(`source names ${data.source}, which is not among the sources`, {
      place: place(['source']),
    });
  const { rates, ...widths } = data.by_width;
  const speeds = Object.entries(data.speeds).map(([speed, numbers]) => {
    if (numbers.length !== data.speed_columns.length)
      throw new InputError(`${speed} has ${numbers.length} numbers, not ${data.speed_columns.length}`, {
        place: place(['speeds', speed]),
        remedy: `expected ${data.speed_columns.join(', ')}`,
      });
    return [speed, Object.fromEntries(numbers.map((number, i) => [data.speed_columns[i]!, number]))] as const;
  });
  const entry = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
    Object.hasOwn(table, key) ? table[key] : undefined;
  return {
    name: data.name,
    title: data.title,
    implementation: data.implementation,
    standard: data.standard,
    source,
    channelWidth: data.channel_width,
    dataRate: data.data_rate,
    organisations: data.organisations,
    speeds: Object.fromEntries(speeds),
    byWidth: (time, rate, width) =>
      entry(entry(widths as Record<string, Record<string, number[]>>, time) ?? {}, String(width))?.[
        rates.indexOf(rate)
      ],
    byDensity: (time, megabits) => entry(entry(data.by_density, time) ?? {}, String(megabits)),
    refreshInterval: data.refresh_interval_ns,
  };
}

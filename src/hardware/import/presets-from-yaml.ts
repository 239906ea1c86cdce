import { z } from 'zod';
import { InputError } from '../../errors/input-error.ts';
import type { ModelSource } from '../model-source.ts';
import { modelName, sourcesSchema } from '../sourced-values.ts';
import { readYaml } from '../yaml-document.ts';
import type { Presets } from './presets.ts';

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

export const presetsSchema = z.strictObject({
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

/** Reads a table of presets from its YAML; see load-presets.ts. */
export async function presetsFromYaml(name: string, models: ModelSource): Promise<Presets> {
  const { data, place } = readYaml(await models.read('presets', name), presetsSchema, 'a table of presets');
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
    rates,
    byWidth: widths,
    byDensity: data.by_density,
    refreshInterval: data.refresh_interval_ns,
  };
}

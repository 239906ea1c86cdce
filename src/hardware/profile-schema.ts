import { z } from 'zod';
import { modelName, sourcedNumber, sourcedTime, sourcedVoltage, sourcesSchema } from './sourced-values.ts';
import type { YamlDocument } from './yaml-document.ts';

const source = z.string().optional();
const number = z.union([z.string(), z.number()]);
const ROW = 'expected [supply, bit error rate], such as [1.1 V, 1e-6] or [1.1 V, saturated]';
const SERIES = 'expected [supply, temperature, [bit error rate at each interval]]';

/** The keys of a voltage profile's file. */
export const profileSchema = z.strictObject({
  name: modelName,
  description: z.string(),
  sources: sourcesSchema,
  nominal: sourcedVoltage,
  /** Names of standards. */
  measured_on: z.array(z.string()).min(1, { error: 'expected names of standards, such as [ddr3]' }),
  published_for: z.array(z.string()).optional(),
  test_latency: sourcedTime.optional(),
  /** Least bit error rate that the measurement could have seen: one bit of the module. */
  detection_limit: sourcedNumber.optional(),
  /** The points stand as they were measured: a rate that falls with the supply is noise and levelled. Otherwise it is refused. */
  measured: z.boolean().optional(),
  /** The members are measured modules of a population: each chip takes one, and results count modules. */
  population: z.boolean().optional(),
  /** Left out only with members_of. */
  structure: z
    .strictObject({ source, subarray_spread: sourcedNumber, common_to_banks: sourcedNumber })
    .optional(),
  /** Instead of members of its own: all those of these profiles, each with the clustering and retention of its profile. */
  members_of: z.array(z.string()).min(1, { error: 'expected names of profiles' }).optional(),
  members: z
    .record(
      z.string(),
      z.strictObject({
        source,
        /** Profile of whose modules the mean is taken at each supply, over those that were tested there. */
        mean_of: z.string().optional(),
        /** Two profiles of one member each, of which the more pessimistic holds at each supply. */
        larger_of: z.array(z.string()).length(2, { error: 'expected the names of two profiles' }).optional(),
        line: z
          .strictObject({
            decades_per_volt: sourcedNumber,
            log10_at_zero: sourcedNumber,
            lowest: sourcedVoltage,
          })
          .optional(),
        /** [supply, bit error rate], falling in supply; "saturated" where the measurement no longer tells. */
        points: z
          .array(z.tuple([z.string(), number], { error: ROW }), { error: `expected rows: ${ROW}` })
          .optional(),
        bank_weights: z.array(number).optional(),
      }),
    )
    .optional(),
  retention: z
    .strictObject({
      source,
      detection_limit: sourcedNumber,
      intervals: z.array(z.string()),
      /** [supply, temperature, bit error rate at each interval]. */
      series: z.array(z.tuple([z.string(), z.string(), z.array(number)], { error: SERIES })),
    })
    .optional(),
});
export type ProfileDocument = YamlDocument<z.infer<typeof profileSchema>>;

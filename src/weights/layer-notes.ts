import { z } from 'zod';
import { expectation } from '../errors/expectation.ts';
import {
  type Dynamics,
  type INPUT_KINDS,
  type Presentation,
  READOUTS,
} from '../snn/layers/layered-network.ts';
import { encodingSchema, firstComplaint } from '../snn/schemas.ts';
import type { LayerFile, Say } from './layer-file.ts';

const positive = z.number().positive();

const gained = (kind: (typeof INPUT_KINDS)[number]) =>
  z.strictObject({ kind: z.literal(kind), gain: positive });

/** What a file may say of how its network steps; any of it may be missing. */
const dynamicsSchema = z.strictObject({
  timeStepS: positive.exactOptional(),
  integration: z.enum(['euler', 'exact']).exactOptional(),
  reset: z.enum(['value', 'subtract']).exactOptional(),
  resetTime: z.enum(['same-step', 'next-step']).exactOptional(),
  threshold: z.enum(['gt', 'ge']).exactOptional(),
}) satisfies z.ZodType<Partial<Dynamics>>;

/** And of how a sample drives it. */
const presentationSchema = z.strictObject({
  steps: z.int().positive().max(65_535).exactOptional(),
  input: z
    .union([
      gained('current'),
      gained('bernoulli'),
      z.strictObject({ kind: z.literal('poisson'), encoding: encodingSchema }),
      z.strictObject({ kind: z.enum(['latency', 'events']) }),
    ])
    .exactOptional(),
  readout: z.enum(READOUTS).exactOptional(),
}) as z.ZodType<Partial<Presentation>>;

type Notes = Pick<LayerFile, 'dynamics' | 'presentation' | 'training'>;

/** What the texts of a file's metadata say; says what cannot be read of it. */
export function readNotes(texts: ReadonlyMap<string, string>, say: Say): Notes {
  return {
    dynamics: readJson(texts, 'dynamics', dynamicsSchema, say) ?? {},
    presentation: readJson(texts, 'presentation', presentationSchema, say) ?? {},
    training: texts.get('training') ?? '{}',
  };
}

/** The texts that say this; the inverse of `readNotes`. */
export function writeNotes({ dynamics, presentation, training }: Notes): Map<string, string> {
  const texts = new Map<string, string>();
  if (Object.keys(dynamics).length > 0) texts.set('dynamics', JSON.stringify(dynamics));
  if (Object.keys(presentation).length > 0) texts.set('presentation', JSON.stringify(presentation));
  texts.set('training', training);
  return texts;
}

/** A text of the metadata as JSON of a form; undefined where it is not there, and, with the reason said, where it is of no such form. */
export function readJson<T>(
  texts: ReadonlyMap<string, string>,
  key: string,
  schema: z.ZodType<T>,
  say: Say,
): T | undefined {
  const text = texts.get(key);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    say(`its metadata "${key}" is not JSON`);
    return undefined;
  }
  const result = schema.safeParse(value, { error: expectation });
  if (result.success) return result.data;
  say(`its metadata "${key}" is not valid: ${firstComplaint(result.error)}`);
  return undefined;
}

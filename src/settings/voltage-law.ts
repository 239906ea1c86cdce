import { z } from 'zod';
import type { RailLaw, VoltageLaw } from '../energy/voltage-law.ts';
import { InputError } from '../errors/input-error.ts';
import { readDecimal } from './quantity.ts';

const EXPECTED =
  'expected quadratic, linear or an exponent such as 2.3, or one a rail: VDD1=linear,VDD2=quadratic';

const error = EXPECTED;
const railLaw = z.union(
  [z.enum(['quadratic', 'linear']), z.strictObject({ exponent: z.number().positive() })],
  { error },
);

/** A voltage law as jobs and manifests state it: one for all rails, or one for each rail by its name. */
export const voltageLawSchema: z.ZodType<VoltageLaw, VoltageLaw> = z.union(
  [railLaw, z.strictObject({ rails: z.record(z.string(), railLaw) })],
  { error },
);

/** Reads "quadratic", "linear", "2.3", or one of them a rail: "VDD1=linear,VDD2=2.3". Throws InputError for other text. */
export function readVoltageLaw(text: string): VoltageLaw {
  if (!text.includes('=')) return readRailLaw(text);
  const rails = text.split(',').map((part) => {
    const [rail, law, ...rest] = part.split('=').map((word) => word.trim());
    if (!rail || law === undefined || rest.length > 0) throw new InputError(EXPECTED);
    return [rail, readRailLaw(law)] as const;
  });
  return { rails: Object.fromEntries(rails) };
}

function readRailLaw(text: string): RailLaw {
  if (text === 'quadratic' || text === 'linear') return text;
  const exponent = readDecimal(text);
  if (!(exponent > 0)) throw new InputError(EXPECTED);
  return { exponent };
}

import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { loadUnits, UnitError } from '../units/quantity.ts';
import type { ModelSource } from './model-source.ts';
import { COMMANDS, LEVELS, type Standard } from './standard.ts';
import { readYaml } from './yaml-document.ts';

const command = z.enum(COMMANDS);
const schema = z.strictObject({
  name: z.string(),
  title: z.string(),
  sources: z.record(z.string(), z.string()),
  commands: z.array(command).min(1),
  parameters: z.array(z.string()).min(1),
  constraints: z
    .array(
      z.strictObject({
        level: z.enum(LEVELS),
        preceding: z.array(command).min(1),
        following: z.array(command).min(1),
        latency: z.union([z.string(), z.number()]).transform(String),
        window: z.int().min(1).default(1),
        sibling: z.boolean().default(false),
      }),
    )
    .min(1),
});

/**
 * Reads `hw-models/standards/NAME.yaml`. Throws InputError for a command that the standard does not list and for a
 * latency formula that is not arithmetic over the standard's parameters and BL.
 */
export async function loadStandard(name: string, source: ModelSource): Promise<Standard> {
  const document = readYaml(await source.read('standards', name), schema);
  const { commands, parameters, constraints } = document.data;
  const units = await loadUnits();
  const trial = Object.fromEntries([...parameters, 'BL', 'tCK'].map((parameter) => [parameter, 8]));
  constraints.forEach((constraint, index) => {
    for (const side of ['preceding', 'following'] as const)
      constraint[side].forEach((name, i) => {
        if (!commands.includes(name))
          throw new InputError(`constraint on ${name}, which is not a command of ${document.data.name}`, {
            place: document.place(['constraints', index, side, i]),
          });
      });
    try {
      units.formula(constraint.latency, trial);
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      throw new InputError(`latency ${error.message}`, {
        place: document.place(['constraints', index, 'latency']),
        remedy: 'use + - * / max min ceil floor over the parameters listed above and BL',
      });
    }
  });
  return { name: document.data.name, commands, parameters, constraints };
}

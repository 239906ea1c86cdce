import { InvalidArgumentError } from 'commander';
import type { RailLaw, VoltageLaw } from '../energy/voltage-law.ts';

const EXPECTED =
  'expected quadratic, linear or an exponent such as 2.3, or one a rail: VDD1=linear,VDD2=quadratic.';

/** "quadratic", "linear", "2.3", or one of them a rail: "VDD1=linear,VDD2=2.3". What it refuses is a usage error. */
export function voltageLaw(text: string): VoltageLaw {
  if (!text.includes('=')) return railLaw(text);
  const rails = text.split(',').map((part) => {
    const [rail, law, ...rest] = part.split('=').map((word) => word.trim());
    if (!rail || law === undefined || rest.length > 0) throw new InvalidArgumentError(EXPECTED);
    return [rail, railLaw(law)] as const;
  });
  return { rails: Object.fromEntries(rails) };
}

function railLaw(text: string): RailLaw {
  if (text === 'quadratic' || text === 'linear') return text;
  const exponent = text.trim() === '' ? Number.NaN : Number(text);
  if (!(exponent > 0 && Number.isFinite(exponent))) throw new InvalidArgumentError(EXPECTED);
  return { exponent };
}

/** "1.8pF" or "1.8" as picofarads. */
export function picofarads(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(?:pF)?$/i.exec(text.trim());
  if (!match) throw new InvalidArgumentError('expected a capacitance such as 1.8pF.');
  return Number(match[1]);
}

import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { readQuantity } from './quantity.ts';

const volts = readQuantity('V');

/** Most supplies of a list; a step of a microvolt is a slip of the pen. */
export const MOST_SUPPLIES = 10_000;

/**
 * Reads supplies in volts: "1.35,1.25", "1.35V", "1350mV", a range with its step "1.35:1.00:0.025" (either direction, end
 * included), or any of these separated by commas; each once, in the order given. Throws InputError for other text.
 */
export function readSupplies(text: string): number[] {
  const supplies = text
    .split(',')
    .flatMap((part) => valuesOf(part, (word) => readVolts(word, text), 'a voltage'));
  return [...new Set(supplies)];
}

/** The values of a part of a list: one word, or a range FROM:TO:STEP of them. `what` names a word. Throws InputError. */
export function valuesOf(part: string, read: (word: string) => number, what: string): number[] {
  const ends = part.split(':').map((word) => read(word.trim()));
  if (ends.length === 1) return ends;
  if (ends.length !== 3) throw new InputError(`${quoted(part)} is neither ${what} nor a range FROM:TO:STEP`);
  const values = rangeValues(ends[0]!, ends[1]!, ends[2]!, MOST_SUPPLIES);
  if (!values) throw new InputError(`${quoted(part)} stands for more than ${MOST_SUPPLIES} supplies`);
  return values;
}

function readVolts(word: string, text: string): number {
  const value = volts(word);
  if (!(value > 0))
    throw new InputError(`expected volts such as 1.35,1250mV or 1.35:1.00:0.025 in ${quoted(text)}`);
  return value;
}

/**
 * The values of a range from one end to the other, in steps. A millionth of a step decides whether the end belongs to
 * it, whatever the floating point says. Undefined for a range of more than `most` values.
 */
export function rangeValues(from: number, to: number, step: number, most: number): number[] | undefined {
  const steps = Math.floor(Math.abs(to - from) / step + 1e-6);
  if (steps >= most) return undefined;
  const direction = to < from ? -1 : 1;
  return Array.from({ length: steps + 1 }, (_, i) => Number((from + direction * i * step).toFixed(9)));
}

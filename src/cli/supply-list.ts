import { InvalidArgumentError } from 'commander';

/** Most points a range may stand for; a step of a microvolt is a slip of the pen. */
const MOST = 10_000;

/**
 * Supplies in volts: "1.35,1.25", "1.35V", a range with its step "1.35:1.00:0.025" (either direction, end included),
 * or any of these separated by commas. Each once, in the order given. A fault is a usage error.
 */
export function supplyList(text: string): number[] {
  const volts = text.split(',').flatMap((part) => {
    const ends = part.split(':').map((word) => voltage(word.trim(), text));
    if (ends.length === 1) return ends;
    if (ends.length !== 3)
      throw new InvalidArgumentError(`"${part}" is neither a voltage nor a range FROM:TO:STEP.`);
    return range(ends[0]!, ends[1]!, ends[2]!);
  });
  return [...new Set(volts)];
}

function voltage(word: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*V?$/i.exec(word);
  const value = match ? Number(match[1]) : Number.NaN;
  if (!(value > 0))
    throw new InvalidArgumentError(`expected volts such as 1.35,1.25 or 1.35:1.00:0.025 in "${text}".`);
  return value;
}

function range(from: number, to: number, step: number): number[] {
  // A millionth of a step decides whether the end belongs to the range, whatever the floating point says.
  const steps = Math.floor(Math.abs(to - from) / step + 1e-6);
  if (steps >= MOST)
    throw new InvalidArgumentError(`${from}:${to}:${step} stands for more than ${MOST} supplies.`);
  const direction = to < from ? -1 : 1;
  return Array.from({ length: steps + 1 }, (_, i) => Number((from + direction * i * step).toFixed(9)));
}

import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { CommandName, ResolvedConstraint } from '../hardware/standard.ts';

/**
 * What the command bus asks of commands that take several of its cycles, as constraints. A command of n cycles occupies its own
 * cycle, from which all times count, and the n - 1 before it, so that it comes n cycles after any other command of the
 * channel. Those of one cycle need none: the controller issues one command a cycle.
 */
export function commandBusConstraints({ commands, rules }: ResolvedTiming): ResolvedConstraint[] {
  const byLength = new Map<number, CommandName[]>();
  for (const command of commands) {
    const length = rules.commandCycles[command] ?? 1;
    if (length > 1) byLength.set(length, [...(byLength.get(length) ?? []), command]);
  }
  return [...byLength].map(([latency, following]) => ({
    level: 'channel',
    preceding: commands,
    following,
    name: 'one command at a time',
    latency,
    window: 1,
    sibling: false,
  }));
}

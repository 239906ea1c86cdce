import type { DramCommand } from '../hardware/dram-command.ts';
import type { Level } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';

/** A rule that a command stream breaks. */
export interface Violation {
  /** The constraint's formula ("tRCD"), or the rule of state that was broken. */
  readonly rule: string;
  /** Scope in which the rule holds. */
  readonly level: Level;
  /** The rule holds between different members of the level. */
  readonly sibling: boolean;
  readonly command: DramCommand;
  /** The command after which it came too soon, if the rule is about two commands. */
  readonly earlier?: DramCommand;
  /** How many cycles too soon (of an overdue refresh: too late); 0 for rules of state. */
  readonly missing: Cycles;
}

/** A broken rule of state. */
export const broken = (rule: string, level: Level, command: DramCommand): Violation => ({
  rule,
  level,
  sibling: false,
  command,
  missing: 0,
});

/** A violation in one line: "RD rank 0 bank 3 at 14: tRCD after ACT at 0, 1 cycle too soon". */
export function formatViolation({ rule, command, earlier, missing }: Violation): string {
  const place = command.bank < 0 ? `rank ${command.rank}` : `rank ${command.rank} bank ${command.bank}`;
  const cycles = `${missing} cycle${missing === 1 ? '' : 's'}`;
  const by = earlier
    ? ` after ${earlier.command} at ${earlier.cycle}, ${cycles} too soon`
    : missing > 0
      ? `, ${cycles} too late`
      : '';
  return `${command.command} ${place} at ${command.cycle}: ${rule}${by}`;
}

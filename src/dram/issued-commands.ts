import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { CommandName } from '../hardware/standard.ts';
import type { ControllerOptions } from './controller-options.ts';
import { COMMAND_NAMES, COMMANDS } from './core/layout.ts';

/** The commands that a controller issues: first those to one bank, then those to a whole rank. */
export const ISSUED_COMMANDS: readonly (keyof typeof COMMANDS & CommandName)[] = COMMAND_NAMES;
export const { ACT, PRE, RD, WR, RDA, WRA, SASEL, REFpb, PREA, REFab, PDE, PDX, SRE, SRX } = COMMANDS;

/** How many commands go to one bank, and how many there are. */
export { BANK_COMMANDS } from './core/layout.ts';
export const ALL_COMMANDS = ISSUED_COMMANDS.length;

/** Whether a command moves data. */
export const isColumn = (command: number): boolean => command >= RD && command <= WRA;

/** Commands that a controller of these options can issue; constraints on others need no look. */
export function commandsOf(options: ControllerOptions, timing: ResolvedTiming): readonly boolean[] {
  const refreshes = options.refresh === 'allBank' ? REFab : REFpb;
  const used = new Set([ACT, PRE, RD, WR, PREA, refreshes]);
  if (options.pagePolicy === 'closed') for (const command of [RDA, WRA]) used.add(command);
  if (timing.subarrays?.select) used.add(SASEL);
  if (Number.isFinite(options.powerDownAfter)) for (const command of [PDE, PDX]) used.add(command);
  if (Number.isFinite(options.selfRefreshAfter)) for (const command of [SRE, SRX]) used.add(command);
  return ISSUED_COMMANDS.map((_, command) => used.has(command));
}

/** The issued commands in use among those named, as numbers. */
export const indices = (names: readonly CommandName[], used: readonly boolean[]): number[] =>
  names
    .map((name) => (ISSUED_COMMANDS as readonly CommandName[]).indexOf(name))
    .filter((index) => index >= 0 && used[index]);

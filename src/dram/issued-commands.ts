import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { CommandName } from '../hardware/standard.ts';
import type { ControllerOptions } from './controller-options.ts';

/** The commands that a controller issues: first those to one bank, then those to a whole rank. */
export const ISSUED_COMMANDS = [
  'ACT',
  'PRE',
  'RD',
  'WR',
  'RDA',
  'WRA',
  'SASEL',
  'REFpb',
  'PREA',
  'REFab',
  'PDE',
  'PDX',
  'SRE',
  'SRX',
] as const satisfies CommandName[];
export const ACT = 0;
export const PRE = 1;
export const RD = 2;
export const WR = 3;
export const RDA = 4;
export const WRA = 5;
export const SASEL = 6;
export const REFpb = 7;
export const PREA = 8;
export const REFab = 9;
export const PDE = 10;
export const PDX = 11;
export const SRE = 12;
export const SRX = 13;

/** How many commands go to one bank, and how many there are. */
export const BANK_COMMANDS = 8;
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

import type { Cycles } from '../units/flavours.ts';
import type { CommandName } from './standard.ts';

/**
 * One command on a channel's command bus. `bank` counts through the rank (bank group x banks a group + bank) and is
 * -1 for a command to the whole rank; `column` counts bursts from the beginning of the row. `row` and `column` are 0 for
 * commands that carry none.
 */
export interface DramCommand {
  readonly cycle: Cycles;
  readonly command: CommandName;
  readonly rank: number;
  readonly bank: number;
  readonly row: number;
  readonly column: number;
  /** Of PDE: the DLL is switched off, so the exit is slow. */
  readonly slowExit?: boolean;
  /** Line of the file it was read from, for messages. */
  readonly line?: number;
}

/** Commands to the whole rank: they name no bank. */
export const RANK_COMMANDS: ReadonlySet<CommandName> = new Set(['PREA', 'REFab', 'PDE', 'PDX', 'SRE', 'SRX']);

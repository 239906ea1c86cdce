import type { Organisation } from '../hardware/device.ts';
import type { DramCommand } from '../hardware/dram-command.ts';
import type { Cycles } from '../units/flavours.ts';
import { lineCommandFormat, type TextCommandFormat } from './command-trace-formats.ts';

/** Writes a command trace of one channel, command by command; finished pieces of text go to `put`, in order. */
export interface CommandTraceWriter {
  append(command: DramCommand): void;
  /** Writes what is left, and the END line where the format has one. */
  end(cycle: Cycles): void;
}

/** Characters that are collected before they go out. */
const PIECE = 1 << 16;

/**
 * A writer of one of the formats. What a format cannot say is left out (docs/command-traces.md): no format but
 * DRAMPower 3/4 says that an exit from power-down is slow, DRAMPower 3/4 has no row and column, VAMPIRE no refresh,
 * power-down and self-refresh. Throws RangeError for a command to another rank than the first where the format has one.
 */
export function createCommandTraceWriter(
  put: (text: string) => void,
  format: TextCommandFormat,
  organisation: Organisation,
): CommandTraceWriter {
  const { oneRank, writer } = lineCommandFormat(format);
  const lines = writer(organisation);
  const openBanks = Array.from({ length: organisation.ranks }, () => new Set<number>());
  let text = lines.header ?? '';
  return {
    append(command) {
      const { rank } = command;
      if (rank > 0 && oneRank) throw new RangeError(`${format} traces have one rank, not rank ${rank}`);
      const open = openBanks[rank]!;
      text += lines.line(command, open);
      follow(open, command);
      if (text.length < PIECE) return;
      put(text);
      text = '';
    },
    end(cycle) {
      text += lines.end?.(cycle) ?? '';
      put(text);
    },
  };
}

/** Updates which banks of a rank are open. */
function follow(open: Set<number>, { command, bank }: DramCommand): void {
  if (command === 'ACT') open.add(bank);
  else if (command === 'PRE' || command === 'RDA' || command === 'WRA') open.delete(bank);
  else if (command === 'PREA') open.clear();
}

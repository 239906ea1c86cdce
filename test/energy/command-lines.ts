import type { DramCommand } from '../../src/hardware/dram-command.ts';
import type { CommandName } from '../../src/hardware/standard.ts';

/** "0,ACT,0" a line (cycle, command, bank, optional "slow") as commands of rank 0. */
export function commandLines(text: string): DramCommand[] {
  return text
    .trim()
    .split(/\s+/)
    .map((line, i) => {
      const [cycle, command, bank = '0', exit] = line.split(',');
      const given = { cycle: Number(cycle), command: command as CommandName, bank: Number(bank) };
      return { ...given, rank: 0, row: 0, column: 0, slowExit: exit === 'slow', line: i + 1 };
    });
}

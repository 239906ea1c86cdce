import fc from 'fast-check';
import type { DramCommand } from '../../src/hardware/dram-command.ts';
import type { CommandName } from '../../src/hardware/standard.ts';

/**
 * Command streams that a rank's states allow, over several ranks: the walk draws a command and a gap, and skips what
 * is not allowed. Gaps after a refresh and around self-refresh leave the refresh time for its active part.
 */
export function randomCommands(ranks: number, banks: number, tRFC: number): fc.Arbitrary<DramCommand[]> {
  const step = fc.record({
    pick: fc.nat(99),
    rank: fc.nat(ranks - 1),
    bank: fc.nat(banks - 1),
    gap: fc.integer({ min: 0, max: 60 }),
    slowExit: fc.boolean(),
  });
  return fc.array(step, { minLength: 1, maxLength: 120 }).map((steps) => {
    const open = Array.from({ length: ranks }, () => new Set<number>());
    const asleep: ('no' | 'power-down' | 'self-refresh')[] = Array.from({ length: ranks }, () => 'no');
    const free = new Array<number>(ranks).fill(0);
    const commands: DramCommand[] = [];
    let cycle = 0;
    for (const { pick, rank, bank, gap, slowExit } of steps) {
      const rows = open[rank]!;
      const state = asleep[rank]!;
      let command: CommandName | undefined;
      if (state === 'power-down') command = 'PDX';
      else if (state === 'self-refresh') command = 'SRX';
      else if (pick < 70) command = rows.has(bank) ? (pick < 30 ? 'RD' : pick < 50 ? 'WR' : 'PRE') : 'ACT';
      else if (pick < 75) command = 'PREA';
      else if (pick < 85) command = 'PDE';
      else if (rows.size > 0) command = 'PREA';
      else command = pick < 90 ? 'REFab' : pick < 95 ? 'REFpb' : 'SRE';
      cycle = Math.max(cycle + gap, free[rank]!);
      if (command === 'ACT') rows.add(bank);
      if (command === 'PRE') rows.delete(bank);
      if (command === 'PREA') rows.clear();
      asleep[rank] = command === 'PDE' ? 'power-down' : command === 'SRE' ? 'self-refresh' : 'no';
      if (['REFab', 'REFpb', 'SRX'].includes(command)) free[rank] = cycle + tRFC;
      const wholeRank = !['ACT', 'RD', 'WR', 'PRE', 'REFpb'].includes(command);
      commands.push({ cycle, command, rank, bank: wholeRank ? -1 : bank, row: 0, column: 0, slowExit });
    }
    return commands;
  });
}

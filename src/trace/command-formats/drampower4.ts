import type { DramCommand } from '../../hardware/dram-command.ts';
import { RANK_COMMANDS } from '../../hardware/dram-command.ts';
import { placeReader } from '../command-places.ts';
import { JEDEC_NAMES, type LineCommandFormat, meaningsOf } from '../command-trace-format.ts';

/** Power-down with a slow exit. */
const SLOW_POWER_DOWN = 'PDN_S';

/** The trace of DRAMPower 3 and 4: one rank, without rows and columns; the bank counts through the rank. */
export const drampower4: LineCommandFormat<'drampower4'> = {
  name: 'drampower4',
  signature: { line: /^\d+\s*(?:,[^,]*){2}$/ },
  oneRank: true,
  meanings: meaningsOf({
    ...JEDEC_NAMES,
    REF: 'REFab',
    REFB: 'REFpb',
    PDN_F_ACT: 'PDE',
    PDN_F_PRE: 'PDE',
    PDN_S_ACT: 'PDE',
    PDN_S_PRE: 'PDE',
    PUP_ACT: 'PDX',
    PUP_PRE: 'PDX',
    SREN: 'SRE',
    SREX: 'SRX',
    NOP: 'nothing',
    END: 'end',
  }),
  reader(_first, _file, organisation) {
    const place = placeReader({ bank: 2, bankInRank: true }, organisation);
    return {
      fields: [3, 3],
      grammar: 'cycle,command,bank',
      headed: false,
      command(fields, cycle, command) {
        const read = place(fields, cycle, command);
        return command === 'PDE' && fields.text(1).startsWith(SLOW_POWER_DOWN)
          ? { ...read, slowExit: true }
          : read;
      },
    };
  },
  writer: () => ({
    line(command, open) {
      const bank = RANK_COMMANDS.has(command.command) ? 0 : command.bank;
      return `${command.cycle},${nameOf(command, open.size > 0)},${bank}\n`;
    },
    end: (cycle) => `${cycle},END,0\n`,
  }),
};

/** DRAMPower's name of a command; power-down's depends on its exit and on whether any bank of the rank is open. */
function nameOf({ command, slowExit }: DramCommand, active: boolean): string {
  switch (command) {
    case 'REFab':
      return 'REF';
    case 'REFpb':
      return 'REFB';
    case 'PDE':
      return `${slowExit ? SLOW_POWER_DOWN : 'PDN_F'}_${active ? 'ACT' : 'PRE'}`;
    case 'PDX':
      return active ? 'PUP_ACT' : 'PUP_PRE';
    case 'SRE':
      return 'SREN';
    case 'SRX':
      return 'SREX';
    default:
      return command;
  }
}

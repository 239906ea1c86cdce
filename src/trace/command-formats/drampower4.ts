import type { DramCommand } from '../../hardware/dram-command.ts';
import { RANK_COMMANDS } from '../../hardware/dram-command.ts';
import { placeReader } from '../command-places.ts';
import { JEDEC_NAMES, type LineCommandFormat, meaningsOf, unmodelled } from '../command-trace-format.ts';
import { UNMODELLED } from '../drampower-commands.ts';

const GRAMMAR = 'cycle,command,bank';

/** Power-down with a slow exit. */
const SLOW_POWER_DOWN = 'PDN_S';

/**
 * The trace of DRAMPower 3 and 4: one rank, without rows and columns; the bank counts through the rank. Ramulator 1 writes
 * it, too, a file a rank: with its own names, without a bank behind PREA and REF, and with a bank that is negative behind
 * other commands to the whole rank (Controller::issue_cmd; the names are those of its standards, src/*.h).
 */
export const drampower4: LineCommandFormat<'drampower4'> = {
  name: 'drampower4',
  signature: { line: /^\d+\s*(?:,[^,]*){1,2}$/ },
  oneRank: true,
  namesClosedRow: false,
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
    PRA: 'PREA',
    REFPB: 'REFpb',
    PD: 'PDE',
    PDE: 'PDE',
    PDX: 'PDX',
    SREF: 'SRE',
    SRE: 'SRE',
    SREFX: 'SRX',
    SRX: 'SRX',
    ...UNMODELLED,
    REFSB: unmodelled('refresh of one bank of a high-bandwidth memory'),
    END: 'end',
  }),
  reader(_first, _file, organisation) {
    const place = placeReader({ bank: 2, columnUnit: 'bursts', bankInRank: true }, organisation);
    return {
      fields: [2, 3],
      grammar: GRAMMAR,
      headed: false,
      command(fields, cycle, command) {
        if (!RANK_COMMANDS.has(command)) fields.requireCount(3, 3, GRAMMAR);
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

import { bytesPerBurst } from '../../hardware/device.ts';
import { RANK_COMMANDS } from '../../hardware/dram-command.ts';
import type { CommandName } from '../../hardware/standard.ts';
import { placeReader } from '../command-places.ts';
import {
  JEDEC_NAMES,
  type LineCommandFormat,
  meaningsOf,
  SAME_BANK_REFRESH,
} from '../command-trace-format.ts';
import { UNMODELLED } from '../drampower-commands.ts';

const GRAMMAR = 'cycle,command,rank,bank_group,bank,row,column[,data]';
const PLACES = {
  rank: 2,
  bankGroup: 3,
  bank: 4,
  row: 5,
  column: 6,
  columnUnit: 'columns',
  bankInRank: true,
} as const;

/**
 * The trace of DRAMPower from version 5 on. The column is a column address of the device: that of a burst's first column.
 * The bank counts through the rank and must lie in the bank group that is
 * given. DRAMPower needs data with every column command: zeros are written, because data is not modelled.
 */
export const drampower: LineCommandFormat<'drampower'> = {
  name: 'drampower',
  signature: { line: /^\d+\s*(?:,[^,]*){6,7}$/ },
  oneRank: false,
  namesClosedRow: true,
  meanings: meaningsOf({
    ...JEDEC_NAMES,
    REFA: 'REFab',
    REFB: 'REFpb',
    PDEA: 'PDE',
    PDEP: 'PDE',
    PDXA: 'PDX',
    PDXP: 'PDX',
    SREFEN: 'SRE',
    SREFEX: 'SRX',
    // Not DRAMPower's: written where subarrays are used apart.
    SASEL: 'SASEL',
    NOP: 'nothing',
    ...UNMODELLED,
    REFSB: SAME_BANK_REFRESH,
    END: 'end',
  }),
  reader: (_first, _file, organisation) => ({
    fields: [7, 8],
    grammar: GRAMMAR,
    headed: false,
    command: placeReader(PLACES, organisation),
  }),
  writer(organisation) {
    const { banksPerGroup, burstLength } = organisation;
    const zeros = `,${'00'.repeat(bytesPerBurst(organisation))}`;
    return {
      line({ cycle, command, rank, bank, row, column }, open) {
        const whole = RANK_COMMANDS.has(command);
        const group = whole ? 0 : Math.floor(bank / banksPerGroup);
        const data = COLUMN_COMMANDS.has(command) ? zeros : '';
        const name = nameOf(command, open.size > 0);
        return `${cycle},${name},${rank},${group},${whole ? 0 : bank},${row},${column * burstLength}${data}\n`;
      },
      end: (cycle) => `${cycle},END,0,0,0,0,0\n`,
    };
  },
};

const COLUMN_COMMANDS: ReadonlySet<CommandName> = new Set(['RD', 'RDA', 'WR', 'WRA'] as const);

/** DRAMPower's name of a command; power-down has two, by whether any bank of the rank is open. */
function nameOf(command: CommandName, active: boolean): string {
  switch (command) {
    case 'REFab':
      return 'REFA';
    case 'REFpb':
      return 'REFB';
    case 'PDE':
      return active ? 'PDEA' : 'PDEP';
    case 'PDX':
      return active ? 'PDXA' : 'PDXP';
    case 'SRE':
      return 'SREFEN';
    case 'SRX':
      return 'SREFEX';
    default:
      return command;
  }
}

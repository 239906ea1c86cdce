import { banksPerRank, burstsPerRow } from '../../hardware/device.ts';
import { RANK_COMMANDS } from '../../hardware/dram-command.ts';
import { type LineCommandFormat, meaningsOf } from '../command-trace-format.ts';

const GRAMMAR = 'cycle,command,bank[,row|column[,data]]';
/** VAMPIRE's DDR3 bursts are of 64 bytes. */
const DATA = /^[0-9a-fA-F]{128}$/;

/**
 * VAMPIRE's text form, of one rank: the fourth field is the row of an ACT and the column (in bursts) of a read or write,
 * which data may follow. A column command goes to the row that its bank opened last. There are no names for refresh,
 * power-down and self-refresh, and a PREA is written as one PRE for each open bank.
 */
export const vampire: LineCommandFormat<'vampire'> = {
  name: 'vampire',
  signature: { line: /^\d+\s*(?:,[^,]*){3,4}$/, shorterFirst: /^\d+\s*,\s*(?:ACT|PRE)\s*,[^,]*$/ },
  oneRank: true,
  namesClosedRow: false,
  meanings: meaningsOf({ ACT: 'ACT', PRE: 'PRE', RD: 'RD', RDA: 'RDA', WR: 'WR', WRA: 'WRA' }),
  reader(_first, _file, organisation) {
    const banks = banksPerRank(organisation);
    const bursts = burstsPerRow(organisation);
    const openRows = new Int32Array(banks);
    return {
      fields: [3, 5],
      grammar: GRAMMAR,
      headed: false,
      command(fields, cycle, command) {
        const opens = command === 'ACT';
        const closes = command === 'PRE';
        // Its own samples leave out the row of an ACT.
        fields.requireCount(closes || opens ? 3 : 4, closes ? 3 : opens ? 4 : 5, GRAMMAR);
        const bank = fields.member(2, 'bank', banks);
        if (opens) openRows[bank] = fields.count() === 4 ? fields.member(3, 'row', organisation.rows) : 0;
        const row = closes ? 0 : openRows[bank]!;
        const column = opens || closes ? 0 : fields.member(3, 'column', bursts);
        if (fields.count() === 5 && !DATA.test(fields.text(4)))
          throw fields.fault(4, 'data that is not 128 digits in base 16 (64 bytes)', GRAMMAR);
        return { cycle, command, rank: 0, bank, row, column, line: fields.line() };
      },
    };
  },
  writer: () => ({
    line({ cycle, command, bank, row, column }, open) {
      if (command === 'PREA') return [...open].map((each) => `${cycle},PRE,${each}\n`).join('');
      if (RANK_COMMANDS.has(command) || command === 'REFpb') return '';
      const detail = command === 'PRE' ? '' : `,${command === 'ACT' ? row : column}`;
      return `${cycle},${command},${bank}${detail}\n`;
    },
  }),
};

import { InputError } from '../../errors/input-error.ts';
import { RANK_COMMANDS } from '../../hardware/dram-command.ts';
import { COMMANDS } from '../../hardware/standard.ts';
import { placeReader } from '../command-places.ts';
import { type LineCommandFormat, meaningsOf } from '../command-trace-format.ts';

const HEADER = 'cycle,command,rank,bank_group,bank,row,column';
const PLACES = {
  rank: 2,
  bankGroup: 3,
  bank: 4,
  row: 5,
  column: 6,
  columnUnit: 'bursts',
  bankInRank: false,
} as const;

/** Our own command trace: a header, then JEDEC's command names; the bank counts in its bank group. */
export const sparkxd: LineCommandFormat<'sparkxd'> = {
  name: 'sparkxd',
  signature: { line: new RegExp(`^${HEADER}$`) },
  oneRank: false,
  namesClosedRow: true,
  meanings: meaningsOf({ ...Object.fromEntries(COMMANDS.map((name) => [name, name])), END: 'end' }),
  reader(first, file, organisation) {
    if (first.text !== HEADER)
      throw new InputError('the header of our own command traces is missing', {
        place: { file, line: first.line, column: 1 },
        remedy: HEADER,
      });
    return { fields: [7, 7], grammar: HEADER, headed: true, command: placeReader(PLACES, organisation) };
  },
  writer: ({ banksPerGroup }) => ({
    header: `${HEADER}\n`,
    line({ cycle, command, rank, bank, row, column }) {
      const whole = RANK_COMMANDS.has(command);
      const group = whole ? 0 : Math.floor(bank / banksPerGroup);
      const inGroup = whole ? 0 : bank % banksPerGroup;
      return `${cycle},${command},${rank},${group},${inGroup},${row},${column}\n`;
    },
    end: (cycle) => `${cycle},END,0,0,0,0,0\n`,
  }),
};

import { requireDistinctColumns } from '../../errors/distinct-columns.ts';
import { InputError } from '../../errors/input-error.ts';
import { RANK_COMMANDS } from '../../hardware/dram-command.ts';
import type { CommandName } from '../../hardware/standard.ts';
import { type PlaceFields, placeReader } from '../command-places.ts';
import type { LineCommandFormat } from '../command-trace-format.ts';
import { RAMULATOR_LEVELS, RAMULATOR_MEANINGS } from '../ramulator-commands.ts';
import type { TextLine } from '../text-lines.ts';

/** The text form of Ramulator 2.1's command recorder (CmdTraceRecorder): the header names the levels of the device. */
export const ramulator: LineCommandFormat<'ramulator'> = {
  name: 'ramulator',
  signature: { lineStart: /^clock\s*,\s*command\s*,/ },
  oneRank: false,
  namesClosedRow: true,
  meanings: RAMULATOR_MEANINGS,
  reader(first, file, organisation) {
    const columns = columnsOf(first, file);
    return {
      fields: [columns.length, columns.length],
      grammar: first.text,
      headed: true,
      command: placeReader(placesOf(columns), organisation),
    };
  },
  writer: ({ banksPerGroup }) => ({
    header: `clock,command,${RAMULATOR_LEVELS.join(',')},type,source\n`,
    line({ cycle, command, rank, bank, row, column }) {
      const place = RANK_COMMANDS.has(command)
        ? '-1,-1,-1,-1'
        : `${Math.floor(bank / banksPerGroup)},${bank % banksPerGroup},${row},${column}`;
      return `${cycle},${nameOf(command)},0,${rank},${place},${command.startsWith('W') ? 1 : 0},-1\n`;
    },
  }),
};

/** The columns that the header names. Throws InputError for a level that is not modelled. */
function columnsOf(header: TextLine, file: string): readonly string[] {
  const columns = header.text.split(',').map((name) => name.trim());
  const place = { file, line: header.line, column: 1 };
  const remedy = `expected clock,command,${RAMULATOR_LEVELS.join(',')},type,source`;
  const levels = columns.slice(2, -2);
  if (columns[0] !== 'clock' || columns[1] !== 'command' || columns.at(-2) !== 'type' || levels.length === 0)
    throw new InputError("the header of Ramulator's command recorder is missing", { place, remedy });
  const unknown = levels.find((name) => !RAMULATOR_LEVELS.includes(name));
  if (unknown !== undefined) throw new InputError(`level "${unknown}" is not modelled`, { place, remedy });
  requireDistinctColumns(columns, file, header.line);
  if (!columns.includes('Bank')) throw new InputError('the header names no level "Bank"', { place, remedy });
  return columns;
}

function placesOf(columns: readonly string[]): PlaceFields {
  const at = (level: string): number | undefined =>
    columns.includes(level) ? columns.indexOf(level) : undefined;
  return {
    rank: at('Rank'),
    bankGroup: at('BankGroup'),
    bank: columns.indexOf('Bank'),
    row: at('Row'),
    column: at('Column'),
    columnUnit: 'bursts',
    bankInRank: false,
  };
}

function nameOf(command: CommandName): string {
  if (command === 'PRE') return 'PREpb';
  return command === 'PREA' ? 'PREab' : command;
}

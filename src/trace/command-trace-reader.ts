import { type ByteSource, prefixed, takeHead } from '../bytes/byte-source.ts';
import { gunzipSource } from '../bytes/gunzip-source.ts';
import { InputError } from '../errors/input-error.ts';
import { suggest } from '../errors/suggest.ts';
import { banksPerRank, burstsPerRow, type Organisation } from '../hardware/device.ts';
import type { DramCommand } from '../hardware/dram-command.ts';
import type { CommandName } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';
import {
  COMMAND_TRACE_FORMATS,
  type CommandTraceFormat,
  MEANINGS,
  OWN_HEADER,
  RAMULATOR_LEVELS,
  RANK_COMMANDS,
  type TextCommandFormat,
} from './command-trace-formats.ts';
import { isRam2bin, RAM2BIN_MAGIC_BYTES, readRam2bin } from './ram2bin-reader.ts';
import { type TextLine, textLines } from './text-lines.ts';

/** A command trace of one channel, read as it is iterated (once); in bounded memory, but for RAM2BIN. */
export interface CommandTrace {
  readonly format: CommandTraceFormat;
  readonly commands: Iterable<DramCommand>;
  /** Cycle of the END line; known once the commands have been iterated, undefined if there is none. */
  endCycle(): Cycles | undefined;
}

/**
 * Opens a command trace (gzip or plain). The format is found from the first line unless given. Iterating throws
 * InputError with file:line:column for a wrong number of fields, an unknown command, a number that is none, cycles
 * that fall, a rank, bank, row or column that the device does not have, and lines after END.
 *
 * DRAMPower counts banks through the rank; where its trace also names a bank group, it must be that bank's.
 */
export function readCommandTrace(
  source: ByteSource,
  organisation: Organisation,
  asked?: CommandTraceFormat,
): CommandTrace {
  const { file } = source;
  const plain = gunzipSource(source);
  const head = takeHead(plain, RAM2BIN_MAGIC_BYTES);
  const whole = prefixed(head, plain);
  if (asked === 'ram2bin' || (asked === undefined && isRam2bin(head)))
    return { format: 'ram2bin', commands: readRam2bin(whole, organisation), endCycle: () => undefined };
  const lines = statements(textLines(whole));
  const first = lines.next();
  if (first.done) throw new InputError('the trace holds no command', { place: { file } });
  const format = asked ?? detect(first.value, file);
  const layout = layoutOf(format, first.value, file);
  let end: Cycles | undefined;

  function* commands(): Generator<DramCommand> {
    let before = 0;
    if (layout.header === undefined) {
      const command = read(first.value!);
      if (command) yield command;
    }
    for (const line of lines) {
      const command = read(line);
      if (command) yield command;
    }

    function read(line: TextLine): DramCommand | undefined {
      const row = fields(line, file);
      if (end !== undefined) throw row.fault(0, 'a line after END');
      requireFields(row, layout.fields);
      const cycle = row.number(0, 'cycle');
      if (cycle < before) throw row.fault(0, `cycle ${cycle} after cycle ${before}`);
      before = cycle;
      const name = row.text(1);
      const meaning = MEANINGS[format][name];
      if (meaning === undefined)
        throw row.fault(
          1,
          `unknown command "${name}"`,
          suggest(name, Object.keys(MEANINGS[format]), 'commands'),
        );
      if (meaning === 'end') end = cycle;
      if (meaning === 'end' || meaning === 'nothing') return undefined;
      if (format === 'vampire') return vampireCommand(row, cycle, meaning);
      const member = (place: keyof Layout['at'], what: string, count: number): number => {
        const at = layout.at[place];
        if (at === undefined) return 0;
        const value = row.number(at, what);
        if (value >= count) throw row.fault(at, `${what} ${value}: the device has ${count}, counted from 0`);
        return value;
      };
      const rank = member('rank', 'rank', organisation.ranks);
      const command = { cycle, command: meaning, rank, bank: -1, row: 0, column: 0, line: line.line };
      if (RANK_COMMANDS.has(meaning))
        return name.startsWith('PDN_S') ? { ...command, slowExit: true } : command;
      const bank = bankOf(member, row);
      if (meaning === 'ACT') return { ...command, bank, row: member('row', 'row', organisation.rows) };
      if (meaning === 'PRE' || meaning === 'REFpb') return { ...command, bank };
      return {
        ...command,
        bank,
        row: member('row', 'row', organisation.rows),
        column: member('column', 'column', organisation.columns),
      };
    }
  }

  function requireFields(row: Fields, [least, most]: Layout['fields']): void {
    if (row.count < least || row.count > most)
      throw row.fault(
        0,
        `${row.count} fields instead of ${least === most ? least : `${least} ${most - least === 1 ? 'or' : 'to'} ${most}`}`,
        layout.grammar,
      );
  }

  const vampireRows = new Int32Array(banksPerRank(organisation));
  /**
   * The fourth field is the row of an ACT and the column (in bursts) of a read or write, which data may follow. A column
   * command is to the row that its bank opened last.
   */
  function vampireCommand(row: Fields, cycle: Cycles, command: CommandName): DramCommand {
    const opens = command === 'ACT';
    const closes = command === 'PRE';
    requireFields(row, closes ? [3, 3] : opens ? [4, 4] : [4, 5]);
    const member = (at: number, what: string, count: number): number => {
      const value = row.number(at, what);
      if (value >= count) throw row.fault(at, `${what} ${value}: the device has ${count}, counted from 0`);
      return value;
    };
    const place = { bank: member(2, 'bank', banksPerRank(organisation)), row: 0, column: 0 };
    if (opens) {
      place.row = member(3, 'row', organisation.rows);
      vampireRows[place.bank] = place.row;
    } else if (!closes) {
      place.row = vampireRows[place.bank]!;
      place.column = member(3, 'column', burstsPerRow(organisation));
    }
    if (row.count === 5 && !VAMPIRE_DATA.test(row.text(4)))
      throw row.fault(4, 'data that is not 128 digits in base 16 (64 bytes)', layout.grammar);
    return { cycle, command, rank: 0, ...place, line: row.line };
  }

  function bankOf(
    member: (place: keyof Layout['at'], what: string, count: number) => number,
    row: Fields,
  ): number {
    const { bankGroups, banksPerGroup } = organisation;
    const group = member('bankGroup', 'bank group', bankGroups);
    if (!layout.bankInRank) return group * banksPerGroup + member('bank', 'bank', banksPerGroup);
    const bank = member('bank', 'bank', banksPerRank(organisation));
    if (layout.at.bankGroup !== undefined && Math.floor(bank / banksPerGroup) !== group)
      throw row.fault(
        layout.at.bank,
        `bank ${bank} of the rank lies in bank group ${Math.floor(bank / banksPerGroup)}, not ${group}`,
        'DRAMPower counts banks through the rank',
      );
    return bank;
  }

  return { format, commands: commands(), endCycle: () => end };
}

/** Where a format keeps what, as positions of fields. */
interface Layout {
  readonly fields: readonly [least: number, most: number];
  readonly at: Readonly<{ rank?: number; bankGroup?: number; bank: number; row?: number; column?: number }>;
  /** The bank counts through the rank rather than through its group. */
  readonly bankInRank: boolean;
  readonly header?: string;
  readonly grammar: string;
}

const SEVEN = { rank: 2, bankGroup: 3, bank: 4, row: 5, column: 6 };

function layoutOf(format: TextCommandFormat, first: TextLine, file: string): Layout {
  switch (format) {
    case 'sparkxd': {
      if (first.text !== OWN_HEADER)
        throw new InputError('the header of our own command traces is missing', {
          place: { file, line: first.line, column: 1 },
          remedy: OWN_HEADER,
        });
      return { fields: [7, 7], at: SEVEN, bankInRank: false, header: OWN_HEADER, grammar: OWN_HEADER };
    }
    case 'drampower': {
      const grammar = 'cycle,command,rank,bank_group,bank,row,column[,data]';
      return { fields: [7, 8], at: SEVEN, bankInRank: true, grammar };
    }
    case 'drampower4':
      return { fields: [3, 3], at: { bank: 2 }, bankInRank: true, grammar: 'cycle,command,bank' };
    case 'ramulator':
      return ramulatorLayout(first, file);
    case 'vampire':
      return {
        fields: [3, 5],
        at: { bank: 2 },
        bankInRank: true,
        grammar: 'cycle,command,bank[,row|column[,data]]',
      };
  }
}

/** Ramulator's header names its levels; ours must be among them, and no other may hold more than one member. */
function ramulatorLayout(first: TextLine, file: string): Layout {
  const names = first.text.split(',').map((name) => name.trim());
  const place = { file, line: first.line, column: 1 };
  const remedy = `expected clock,command,${RAMULATOR_LEVELS.join(',')},type,source`;
  const at = (name: string): number => names.indexOf(name);
  const levels = names.slice(2, -2);
  if (names[0] !== 'clock' || names[1] !== 'command' || names.at(-2) !== 'type' || levels.length === 0)
    throw new InputError("the header of Ramulator's command recorder is missing", { place, remedy });
  const unknown = levels.find((name) => !RAMULATOR_LEVELS.includes(name));
  if (unknown !== undefined) throw new InputError(`level "${unknown}" is not modelled`, { place, remedy });
  if (at('Bank') < 0) throw new InputError('the header names no level "Bank"', { place, remedy });
  const given = (key: string, name: string): object => (at(name) < 0 ? {} : { [key]: at(name) });
  return {
    fields: [names.length, names.length],
    at: {
      bank: at('Bank'),
      ...given('rank', 'Rank'),
      ...given('bankGroup', 'BankGroup'),
      ...given('row', 'Row'),
      ...given('column', 'Column'),
    },
    bankInRank: false,
    header: first.text,
    grammar: first.text,
  };
}

function detect(first: TextLine, file: string): TextCommandFormat {
  if (first.text === OWN_HEADER) return 'sparkxd';
  if (/^clock\s*,\s*command\s*,/.test(first.text)) return 'ramulator';
  const count = first.text.split(',').length;
  if (/^\d+\s*,/.test(first.text) && count === 3) return 'drampower4';
  if (/^\d+\s*,/.test(first.text) && (count === 4 || count === 5)) return 'vampire';
  if (/^\d+\s*,/.test(first.text) && (count === 7 || count === 8)) return 'drampower';
  throw new InputError(`not a command trace: "${first.text.slice(0, 60)}"`, {
    place: { file, line: first.line, column: 1 },
    remedy: `known formats: ${COMMAND_TRACE_FORMATS.join(', ')} (docs/command-traces.md)`,
  });
}

/** Lines that say something: no blank ones, no comments. */
function* statements(lines: Iterable<TextLine>): Generator<TextLine, undefined> {
  for (const { text, line } of lines) {
    const hash = text.indexOf('#');
    const said = (hash < 0 ? text : text.slice(0, hash)).trimEnd();
    if (said.trim() !== '') yield { text: said, line };
  }
  return undefined;
}

/** VAMPIRE's DDR3 bursts are of 64 bytes. */
const VAMPIRE_DATA = /^[0-9a-fA-F]{128}$/;

interface Fields {
  readonly line: number;
  readonly count: number;
  text(index: number): string;
  /** A whole number of at least 0. */
  number(index: number, what: string): number;
  fault(index: number, what: string, remedy?: string): InputError;
}

function fields({ text, line }: TextLine, file: string): Fields {
  const parts = text.split(',');
  const fault = (index: number, what: string, remedy?: string): InputError => {
    const column = parts.slice(0, index).reduce((sum, part) => sum + part.length + 1, 1);
    return new InputError(what, { place: { file, line, column }, ...(remedy ? { remedy } : {}) });
  };
  return {
    line,
    count: parts.length,
    text: (index) => parts[index]!.trim(),
    number(index, what) {
      const digits = parts[index]!.trim();
      const value = Number(digits);
      if (!/^\d+$/.test(digits) || !Number.isSafeInteger(value))
        throw fault(index, `${what} "${digits}" is not a whole number below 2^53`);
      return value;
    },
    fault,
  };
}

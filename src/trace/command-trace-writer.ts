import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import type { DramCommand } from '../hardware/dram-command.ts';
import type { CommandName } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';
import {
  ONE_RANK_FORMATS,
  OWN_HEADER,
  RANK_COMMANDS,
  type TextCommandFormat,
} from './command-trace-formats.ts';

/** Writes a command trace of one channel while it happens; finished pieces of text go to `put`, in order. */
export interface CommandTraceWriter {
  append(command: DramCommand): void;
  /** Writes what is left, and the END line where the format has one. */
  end(cycle: Cycles): void;
}

const PIECE = 1 << 16;

/**
 * A writer of one of the formats. What a format cannot say is left out: DRAMPower 3/4 has no row and column, VAMPIRE no
 * refresh, power-down and self-refresh (and one PRE a bank for PREA), the others no slow exit from power-down. Traces of
 * DRAMPower 3/4 and VAMPIRE are of one rank; throws RangeError for another. DRAMPower from 5 on wants data with every
 * column command: zeros are written, because data is not modelled on the command bus.
 */
export function createCommandTraceWriter(
  put: (text: string) => void,
  format: TextCommandFormat,
  organisation: Organisation,
): CommandTraceWriter {
  const { ranks, banksPerGroup } = organisation;
  const openBanks = Array.from({ length: ranks }, () => new Set<number>());
  const zeros = '00'.repeat(bytesPerBurst(organisation));
  let text = header(format);

  const lineOf = (command: DramCommand): string => {
    const { cycle, command: name, rank, bank, row, column } = command;
    const whole = RANK_COMMANDS.has(name);
    const group = whole ? 0 : Math.floor(bank / banksPerGroup);
    const inGroup = whole ? 0 : bank % banksPerGroup;
    const inRank = whole ? 0 : bank;
    const active = openBanks[rank]!.size > 0;
    if (rank > 0 && ONE_RANK_FORMATS.has(format))
      throw new RangeError(`${format} traces have one rank, not rank ${rank}`);
    switch (format) {
      case 'sparkxd':
        return `${cycle},${name},${rank},${group},${inGroup},${row},${column}\n`;
      case 'drampower': {
        const data = isColumn(name) ? `,${zeros}` : '';
        return `${cycle},${drampowerName(name, active)},${rank},${group},${inRank},${row},${column}${data}\n`;
      }
      case 'drampower4':
        return `${cycle},${drampower4Name(command, active)},${inRank}\n`;
      case 'ramulator': {
        const at = [0, rank, whole ? -1 : group, whole ? -1 : inGroup, whole ? -1 : row, whole ? -1 : column];
        return `${cycle},${ramulatorName(name)},${at.join()},${name.startsWith('W') ? 1 : 0},-1\n`;
      }
      case 'vampire': {
        if (name === 'PREA') return [...openBanks[rank]!].map((open) => `${cycle},PRE,${open}\n`).join('');
        if (whole || name === 'REFpb') return '';
        const detail = name === 'PRE' ? '' : `,${name === 'ACT' ? row : column}`;
        return `${cycle},${name},${bank}${detail}\n`;
      }
    }
  };

  return {
    append(command) {
      text += lineOf(command);
      follow(openBanks[command.rank]!, command);
      if (text.length < PIECE) return;
      put(text);
      text = '';
    },
    end(cycle) {
      if (format === 'sparkxd' || format === 'drampower') text += `${cycle},END,0,0,0,0,0\n`;
      if (format === 'drampower4') text += `${cycle},END,0\n`;
      put(text);
    },
  };
}

function header(format: TextCommandFormat): string {
  if (format === 'sparkxd') return `${OWN_HEADER}\n`;
  if (format === 'ramulator') return 'clock,command,Channel,Rank,BankGroup,Bank,Row,Column,type,source\n';
  return '';
}

const isColumn = (name: CommandName): boolean =>
  name === 'RD' || name === 'RDA' || name === 'WR' || name === 'WRA';

/** Keeps the banks that are open: the names of power-down tell whether any is. */
function follow(open: Set<number>, { command, bank }: DramCommand): void {
  if (command === 'ACT') open.add(bank);
  else if (command === 'PRE' || command === 'RDA' || command === 'WRA') open.delete(bank);
  else if (command === 'PREA') open.clear();
}

function drampowerName(name: CommandName, active: boolean): string {
  switch (name) {
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
      return name;
  }
}

function drampower4Name({ command: name, slowExit }: DramCommand, active: boolean): string {
  switch (name) {
    case 'REFab':
      return 'REF';
    case 'REFpb':
      return 'REFB';
    case 'PDE':
      return `PDN_${slowExit ? 'S' : 'F'}_${active ? 'ACT' : 'PRE'}`;
    case 'PDX':
      return active ? 'PUP_ACT' : 'PUP_PRE';
    case 'SRE':
      return 'SREN';
    case 'SRX':
      return 'SREX';
    default:
      return name;
  }
}

function ramulatorName(name: CommandName): string {
  if (name === 'PRE') return 'PREpb';
  return name === 'PREA' ? 'PREab' : name;
}

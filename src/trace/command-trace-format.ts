import type { ByteSource } from '../bytes/byte-source.ts';
import type { Organisation } from '../hardware/device.ts';
import type { DramCommand } from '../hardware/dram-command.ts';
import type { CommandName } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';
import type { CommaFields } from './comma-fields.ts';
import type { Signature } from './signature.ts';
import type { TextLine } from './text-lines.ts';

/** A command-trace format of one line a command; its fields are separated by commas, the first two are cycle and command. */
export interface LineCommandFormat<Name extends string = string> {
  readonly name: Name;
  readonly signature: Signature;
  /** Whether the lines name no rank, so that a trace is of one rank. */
  readonly oneRank: boolean;
  /** Whether a PRE names the row that it closes, without which open rows of several subarrays cannot be followed. */
  readonly namesClosedRow: boolean;
  /** What the command names of the format mean. */
  readonly meanings: ReadonlyMap<string, Meaning>;
  /** A reader of the lines of a file that begins with `first`. Throws InputError for a header that is missing or wrong. */
  reader(first: TextLine, file: string, organisation: Organisation): CommandLineReader;
  writer(organisation: Organisation): CommandLineWriter;
}

/** A binary command-trace format, which is only read. */
export interface BinaryCommandFormat<Name extends string = string> {
  readonly name: Name;
  readonly signature: { readonly magic: Uint8Array };
  /** Throws InputError, also from the iteration, for a file that does not follow the format. */
  read(source: ByteSource, organisation: Organisation): Iterable<DramCommand>;
}

/** What a command name means: a command, the end of the trace, nothing that occupies the DRAM, or what is not modelled. */
export type Meaning = CommandName | 'end' | 'nothing' | Unmodelled;

/** A command that the format has and no device here: what it does. */
export interface Unmodelled {
  readonly unmodelled: string;
  /** The refresh of the same bank of each bank group: REFpb of a device whose standard has it. */
  readonly refreshesSameBanks?: true;
}

export const unmodelled = (what: string): Unmodelled => ({ unmodelled: what });

/** DDR5's refresh of one bank, the same, of each bank group. */
export const SAME_BANK_REFRESH: Unmodelled = {
  unmodelled: 'refresh of one bank in every bank group (DDR5)',
  refreshesSameBanks: true,
};

/** What to do about a command that is not modelled. */
export const UNMODELLED_REMEDY =
  'its time and energy are not known here, and no standard of a shipped device has it: leave it out of the trace';

export interface CommandLineReader {
  /** Fewest and most fields of a line. */
  readonly fields: readonly [least: number, most: number];
  /** The form of a line, for messages. */
  readonly grammar: string;
  /** Whether the first line is a header and holds no command. */
  readonly headed: boolean;
  /** The command of a line whose cycle and command name are read already. Throws InputError for the other fields. */
  command(fields: CommaFields, cycle: Cycles, command: CommandName): DramCommand;
}

export interface CommandLineWriter {
  readonly header?: string;
  /**
   * The line of a command, or several, or none where the format has no name for it. `open` are the banks of the
   * command's rank that are open before it.
   */
  line(command: DramCommand, open: ReadonlySet<number>): string;
  /** The line that ends the trace, in formats that have one. */
  end?(cycle: Cycles): string;
}

/** Commands that DRAMPower and Ramulator name as JEDEC does. */
export const JEDEC_NAMES = {
  ACT: 'ACT',
  PRE: 'PRE',
  PREA: 'PREA',
  RD: 'RD',
  RDA: 'RDA',
  WR: 'WR',
  WRA: 'WRA',
} as const;

/** A table of command names to look up in; unlike an object it holds no inherited names such as `toString`. */
export const meaningsOf = (names: Readonly<Record<string, Meaning>>): ReadonlyMap<string, Meaning> =>
  new Map(Object.entries(names));

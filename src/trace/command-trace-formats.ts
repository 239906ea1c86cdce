import { drampower } from './command-formats/drampower.ts';
import { drampower4 } from './command-formats/drampower4.ts';
import { ram2bin } from './command-formats/ram2bin.ts';
import { ramulator } from './command-formats/ramulator.ts';
import { sparkxd } from './command-formats/sparkxd.ts';
import { vampire } from './command-formats/vampire.ts';
import type { LineCommandFormat } from './command-trace-format.ts';
import { formatNames } from './format-names.ts';

/** Command traces of one line a command, which are read and written (docs/command-traces.md). */
export const LINE_COMMAND_FORMATS = [sparkxd, drampower, drampower4, ramulator, vampire] as const;

/** Binary command traces, which are only read. */
export const BINARY_COMMAND_FORMATS = [ram2bin] as const;

/** Names of the formats that can be written. */
export const TEXT_COMMAND_FORMATS = formatNames(LINE_COMMAND_FORMATS);
export type TextCommandFormat = (typeof TEXT_COMMAND_FORMATS)[number];

/** Names of the formats that can be read. */
export const COMMAND_TRACE_FORMATS = formatNames([...LINE_COMMAND_FORMATS, ...BINARY_COMMAND_FORMATS]);
export type CommandTraceFormat = (typeof COMMAND_TRACE_FORMATS)[number];

/** Formats whose lines name no rank: their traces are of one. */
export const ONE_RANK_FORMATS: ReadonlySet<TextCommandFormat> = new Set(
  LINE_COMMAND_FORMATS.filter(({ oneRank }) => oneRank).map(({ name }) => name),
);

/** Formats in which a PRE names the row that it closes. */
export const CLOSED_ROW_FORMATS: ReadonlySet<CommandTraceFormat> = new Set(
  LINE_COMMAND_FORMATS.filter(({ namesClosedRow }) => namesClosedRow).map(({ name }) => name),
);

/** The format of a name. */
export const lineCommandFormat = (name: TextCommandFormat): LineCommandFormat<TextCommandFormat> =>
  LINE_COMMAND_FORMATS.find((format) => format.name === name)!;

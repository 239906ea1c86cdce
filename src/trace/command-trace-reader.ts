import { type ByteSource, prefixed, takeHead } from '../bytes/byte-source.ts';
import { gunzipSource } from '../bytes/gunzip-source.ts';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { suggest } from '../errors/suggest.ts';
import type { Organisation } from '../hardware/device.ts';
import type { DramCommand } from '../hardware/dram-command.ts';
import type { Cycles } from '../units/flavours.ts';
import { createCommaFields } from './comma-fields.ts';
import { type LineCommandFormat, UNMODELLED_REMEDY } from './command-trace-format.ts';
import {
  BINARY_COMMAND_FORMATS,
  COMMAND_TRACE_FORMATS,
  type CommandTraceFormat,
  LINE_COMMAND_FORMATS,
  type TextCommandFormat,
} from './command-trace-formats.ts';
import { headLines } from './detect-access-format.ts';
import { orLikelyFormat } from './likely-format.ts';
import { binaryFormatOf, fits, textFormatOf } from './signature.ts';
import { type TextLine, textLines } from './text-lines.ts';

/** A command trace of one channel, read while it is iterated (once); in bounded memory, except for RAM2BIN. */
export interface CommandTrace {
  readonly format: CommandTraceFormat;
  readonly commands: Iterable<DramCommand>;
  /** Cycle of the END line; known once the commands have been iterated, undefined if there is none. */
  endCycle(): Cycles | undefined;
}

/** Enough for any magic number, and for the first two lines. */
const HEAD_BYTES = 1 << 12;

/**
 * Opens a command trace (gzip or plain). By default the format is found from the beginning of the file. Iterating throws
 * InputError with file:line:column for a wrong number of fields, an unknown command, a number that is none, cycles
 * that fall, a rank, bank, row or column that the device does not have, and lines after END. Where the device's REFpb
 * `refreshesSameBanks` of all bank groups, the formats' REFsb is read as it.
 */
export function readCommandTrace(
  source: ByteSource,
  organisation: Organisation,
  asked?: CommandTraceFormat,
  refreshesSameBanks = false,
): CommandTrace {
  const { file } = source;
  const plain = gunzipSource(source);
  const head = takeHead(plain, HEAD_BYTES);
  const whole = prefixed(head, plain);
  const binary =
    asked === undefined
      ? binaryFormatOf(BINARY_COMMAND_FORMATS, head)
      : BINARY_COMMAND_FORMATS.find(({ name }) => name === asked);
  const likely = asked === undefined ? undefined : likelyFormat(asked, head, file);
  const begin: Begin = (read) => orLikelyFormat(likely, `--format ${likely}`, read);
  if (binary)
    return {
      format: binary.name,
      commands: begin(() => binary.read(whole, organisation)),
      endCycle: () => undefined,
    };
  const lines = statements(textLines(whole));
  const first = lines.next();
  if (first.done) throw new InputError('the trace holds no command', { place: { file } });
  const second = lines.next();
  const format =
    LINE_COMMAND_FORMATS.find(({ name }) => name === asked) ??
    detect(first.value, second.done ? undefined : second.value, file);
  return readLines(
    format,
    first.value,
    followed(second.done ? [] : [second.value], lines),
    organisation,
    file,
    begin,
    refreshesSameBanks,
  );
}

/** Does what reads the beginning of a trace; an InputError then says what the trace looks like. */
type Begin = <T>(read: () => T) => T;

/** Reads a trace whose first line has been taken from `lines` already. */
function readLines(
  format: LineCommandFormat<TextCommandFormat>,
  first: TextLine,
  lines: Iterable<TextLine>,
  organisation: Organisation,
  file: string,
  begin: Begin,
  refreshesSameBanks: boolean,
): CommandTrace {
  const { meanings } = format;
  const reader = begin(() => format.reader(first, file, organisation));
  const [least, most] = reader.fields;
  const fields = createCommaFields(file);
  let before = 0;
  let end: Cycles | undefined;

  /** The command of a line; undefined for a line that occupies the DRAM with nothing. */
  function commandOf(line: TextLine): DramCommand | undefined {
    fields.read(line);
    if (end !== undefined) throw fields.fault(0, 'a line after END');
    fields.requireCount(least, most, reader.grammar);
    const cycle = fields.number(0, 'cycle');
    if (cycle < before) throw fields.fault(0, `cycle ${cycle} after cycle ${before}`);
    before = cycle;
    const name = fields.text(1);
    const meaning = meanings.get(name);
    if (meaning === undefined)
      throw fields.fault(
        1,
        `unknown command ${quoted(name)}`,
        suggest(name, [...meanings.keys()], 'commands'),
      );
    if (typeof meaning === 'object' && meaning.refreshesSameBanks && refreshesSameBanks)
      return reader.command(fields, cycle, 'REFpb');
    if (typeof meaning === 'object')
      throw fields.fault(1, `${name} is not modelled: ${meaning.unmodelled}`, UNMODELLED_REMEDY);
    if (meaning === 'end') end = cycle;
    return meaning === 'end' || meaning === 'nothing' ? undefined : reader.command(fields, cycle, meaning);
  }

  function* commands(): Generator<DramCommand> {
    const command = reader.headed ? undefined : begin(() => commandOf(first));
    if (command) yield command;
    for (const line of lines) {
      const command = commandOf(line);
      if (command) yield command;
    }
  }
  return { format: format.name, commands: commands(), endCycle: () => end };
}

/** The format that a trace looks like, where the user has named one that it does not look like; else undefined. */
function likelyFormat(
  named: CommandTraceFormat,
  head: Uint8Array,
  file: string,
): CommandTraceFormat | undefined {
  const [first, second] = headLines(head);
  const known = [...LINE_COMMAND_FORMATS, ...BINARY_COMMAND_FORMATS].find(({ name }) => name === named)!;
  if (fits(known, head, first?.text, second?.text)) return undefined;
  return (
    binaryFormatOf(BINARY_COMMAND_FORMATS, head) ??
    (first && textFormatOf(LINE_COMMAND_FORMATS, first.text, file, second?.text))
  )?.name;
}

/** The format of a trace by its first two lines. Throws InputError if it is none. */
function detect(
  first: TextLine,
  second: TextLine | undefined,
  file: string,
): LineCommandFormat<TextCommandFormat> {
  const found = textFormatOf(LINE_COMMAND_FORMATS, first.text, file, second?.text);
  if (found) return found;
  throw new InputError(`not a command trace: ${quoted(first.text)}`, {
    place: { file, line: first.line, column: 1 },
    remedy: `known formats: ${COMMAND_TRACE_FORMATS.join(', ')} (docs/command-traces.md)`,
  });
}

function* followed(taken: readonly TextLine[], rest: Iterable<TextLine>): Generator<TextLine> {
  yield* taken;
  yield* rest;
}

/** The lines that hold something, without their comments. */
function* statements(lines: Iterable<TextLine>): Generator<TextLine, undefined> {
  for (const { text, line } of lines) {
    const hash = text.indexOf('#');
    const said = (hash < 0 ? text : text.slice(0, hash)).trimEnd();
    if (said.trim() !== '') yield { text: said, line };
  }
  return undefined;
}

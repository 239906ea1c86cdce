import { resolve } from 'node:path';
import type { CommandLog } from '../../dram/replay.ts';
import { InputError } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';
import { channelFile } from '../../files/channel-file.ts';
import type { ResolvedTiming } from '../../hardware/resolved-timing.ts';
import { createTextFile } from '../../inputs/trace-files.ts';
import { ONE_RANK_FORMATS } from '../../trace/command-trace-formats.ts';
import { createCommandTraceWriter } from '../../trace/command-trace-writer.ts';
import type { Bench, Replayer, ReplayTasks } from './replayer.ts';

/** The name of standard output among the names of files. */
const STANDARD_OUTPUT = '-';

/** Replays the trace once more, for its commands alone; answers the names of the files, one a channel. */
export async function writeCommands(
  { job, device }: Bench,
  replayer: Replayer,
  timing: ResolvedTiming,
  through: ReplayTasks['through'],
  file: string,
): Promise<readonly string[]> {
  const { organisation } = device;
  const format = job.commandsFormat;
  if (ONE_RANK_FORMATS.has(format) && organisation.ranks > 1)
    throw new InputError(`${format} traces have one rank, ${device.name} has ${organisation.ranks}`, {
      remedy: 'choose --commands-format drampower',
    });
  const files = commandFiles(file, organisation.channels, job.trace);
  const outputs = files.map((name) => createTextFile(name, 'the command trace'));
  try {
    const writers = outputs.map(({ put }) => createCommandTraceWriter(put, format, organisation));
    const log: CommandLog = (cycle, command, rank, bank, row, column, channel) =>
      writers[channel]!.append({ cycle, command, rank, bank, row, column });
    const { result } = await replayer.replay(timing, { log, through });
    for (const writer of writers) writer.end(result.cycles);
    for (const output of outputs) output.end();
    return files;
  } catch (error) {
    for (const output of outputs) output.abandon();
    throw error;
  }
}

/** The files that the commands go to: one a channel. Throws InputError where these cannot be of a name. */
function commandFiles(file: string, channels: number, trace: string): string[] {
  if (channels === 1) return [file];
  if (file === STANDARD_OUTPUT)
    throw new InputError(`${channels} channels cannot share standard output`, {
      remedy: 'give --commands NAME.csv: each channel has its own file, NAME.ch0.csv, NAME.ch1.csv, ...',
    });
  const files = Array.from({ length: channels }, (_, channel) => channelFile(file, channel));
  const over = files.find((name) => resolve(name) === resolve(trace));
  if (over !== undefined)
    throw new InputError(`--commands would write over the trace, which is read: ${quoted(over)}`, {
      remedy: 'name another file',
    });
  return files;
}

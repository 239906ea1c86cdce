import type { ByteSource } from '../bytes/byte-source.ts';
import { InputError } from '../errors/input-error.ts';
import type { Device } from '../hardware/device.ts';
import { type RepeatableBytes, repeatableBytes } from './repeatable-bytes.ts';
import { STANDARD_INPUT } from './trace-bytes.ts';

/** Command traces of the channels of one memory, in the order of the channels. */
export interface ChannelTraces {
  readonly count: number;
  /** Reads the trace of each channel in turn; may be called again. Throws InputError for a trace that cannot be read. */
  forEach(visit: (source: ByteSource, channel: number) => void): Promise<void>;
  /** Gives up what was kept of standard input. */
  release(): void;
}

/** Throws InputError for more traces than the device has channels, and for standard input given twice. */
export async function channelTraces(
  files: readonly string[],
  { name, organisation: { channels } }: Device,
): Promise<ChannelTraces> {
  if (files.length > channels)
    throw new InputError(
      `${files.length} command traces, and ${name} has ${channels === 1 ? 'one channel' : `${channels} channels`}`,
      { remedy: 'give one trace a channel, in the order of the channels' },
    );
  if (files.filter((file) => file === STANDARD_INPUT).length > 1)
    throw new InputError('standard input can be the trace of one channel only', {
      remedy: 'name files for the others',
    });
  const traces: RepeatableBytes[] = [];
  for (const file of files) traces.push(await repeatableBytes(file));
  return {
    count: files.length,
    async forEach(visit) {
      for (const [channel, trace] of traces.entries()) {
        const { source, close } = await trace.open();
        try {
          visit(source, channel);
        } finally {
          close();
        }
      }
    },
    release() {
      for (const trace of traces) trace.release();
    },
  };
}

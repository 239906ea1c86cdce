import type { ByteSource } from '../bytes/byte-source.ts';
import { InputError } from '../errors/input-error.ts';
import type { Device } from '../hardware/device.ts';
import { refreshesSameBanks } from '../hardware/refreshed-banks.ts';
import type { SubarrayScheme } from '../hardware/resolved-timing.ts';
import { CLOSED_ROW_FORMATS, type CommandTraceFormat } from '../trace/command-trace-formats.ts';
import { type CommandTrace, readCommandTrace } from '../trace/command-trace-reader.ts';

/** How a job reads its command traces. */
interface CommandReading {
  readonly format?: CommandTraceFormat;
  readonly subarrays?: SubarrayScheme;
}

/**
 * Opens a command trace of a channel of a device. Throws InputError where it is to be followed with its subarrays used apart,
 * but its format does not say which row a PRE closes; iterating throws as `readCommandTrace` says.
 */
export function readCommands(
  source: ByteSource,
  device: Device,
  { format, subarrays }: CommandReading,
): CommandTrace {
  const trace = readCommandTrace(source, device.organisation, format, refreshesSameBanks(device));
  if (subarrays !== undefined && !CLOSED_ROW_FORMATS.has(trace.format))
    throw new InputError(
      `a ${trace.format} trace does not say which row a PRE closes, which --subarrays needs`,
      {
        place: { file: source.file },
        remedy: `use a trace of another format: ${[...CLOSED_ROW_FORMATS].join(', ')}`,
      },
    );
  return trace;
}

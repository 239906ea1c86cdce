import { InputError } from '../errors/input-error.ts';
import type { SubarrayScheme } from '../hardware/resolved-timing.ts';
import { CLOSED_ROW_FORMATS, type CommandTraceFormat } from '../trace/command-trace-formats.ts';

/**
 * Throws InputError where a command trace is to be followed with its subarrays used apart, but its format does not say which
 * row a PRE closes.
 */
export function requireClosedRows(
  format: CommandTraceFormat,
  subarrays: SubarrayScheme | undefined,
  file: string,
): void {
  if (subarrays === undefined || CLOSED_ROW_FORMATS.has(format)) return;
  throw new InputError(`a ${format} trace does not say which row a PRE closes, which --subarrays needs`, {
    place: { file },
    remedy: `use a trace of another format: ${[...CLOSED_ROW_FORMATS].join(', ')}`,
  });
}

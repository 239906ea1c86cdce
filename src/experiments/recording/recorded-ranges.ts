import { InputError } from '../../errors/input-error.ts';
import type { Device } from '../../hardware/device.ts';
import { emptyRun } from '../../trace/access-run.ts';
import { windowed } from '../../trace/address-window.ts';
import type { AddressRange } from '../../trace/memory-map.ts';
import type { RecordedReading } from './opened-recording.ts';

/**
 * The recorded addresses as the replay takes them, less the offset and modulo the device's size where that is asked. Throws InputError
 * for those that the device does not have.
 */
export function rangesAt(
  runs: readonly AddressRange[],
  { offset, wrap, trace }: Pick<RecordedReading, 'offset' | 'wrap' | 'trace'>,
  deviceBytes: number,
  device: Device,
): AddressRange[] {
  let next = 0;
  const reader = windowed(
    {
      next(run) {
        if (next === runs.length) return false;
        [run.address, run.bytes] = runs[next++]!;
        return true;
      },
    },
    { offset, ...(wrap ? { wrap: deviceBytes } : {}) },
  );
  const ranges: AddressRange[] = [];
  const run = emptyRun();
  while (reader.next(run)) {
    if (run.address + run.bytes > deviceBytes)
      throw new InputError(
        `the recorded weights lie up to address 0x${(run.address + run.bytes - 1).toString(16)}, beyond the ${deviceBytes} bytes of ${device.name}`,
        {
          place: { file: trace },
          remedy: 'choose a larger device, --wrap, or --replace to place the weights anew',
        },
      );
    ranges.push([run.address, run.bytes]);
  }
  return ranges;
}

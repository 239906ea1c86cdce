import type { AddressMapping } from '../../dram/address.ts';
import { bytesPerBurst, type Device } from '../../hardware/device.ts';
import type { ReplayJob } from '../../settings/jobs/replay.ts';
import type { AccessTraceOptions } from '../../trace/access-format.ts';
import type { AccessFormatName } from '../../trace/access-formats.ts';
import type { AddressWindow } from '../../trace/address-window.ts';

/** A replay, and the memory that it is of. */
interface TraceUse {
  readonly job: ReplayJob;
  readonly device: Device;
  readonly mapping: AddressMapping;
}

/** Weights that are placed anew are followed at the addresses of their recording. */
export const windowOf = ({ job, device, mapping }: TraceUse): AddressWindow =>
  job.replace
    ? { offset: 0 }
    : {
        offset: job.offset,
        ...(job.wrap ? { wrap: mapping.bursts * bytesPerBurst(device.organisation) } : {}),
      };

/** A trace that counts in cycles is taken to count in the device's, and address vectors to be the device's. */
export const readingOptions = ({
  job,
  device,
  mapping,
}: TraceUse): AccessTraceOptions & { readonly format?: AccessFormatName } => ({
  clock: device.clock,
  memory: { organisation: device.organisation, mapping },
  window: windowOf({ job, device, mapping }),
  ...(job.format === undefined ? {} : { format: job.format }),
  ...(job.accessBytes === undefined ? {} : { accessBytes: job.accessBytes }),
  burstBytes: bytesPerBurst(device.organisation),
  writes: job.writes,
  addressBase: job.addressBase,
  lateTimes: job.lateTimes || job.arrival === 'asap',
});

import { createController } from '../dram/controller.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { openAddressMapping } from '../inputs/open-address-mapping.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { openTrace } from '../inputs/trace-files.ts';
import { controllerOptions } from '../settings/controller-settings.ts';
import type { ReplayJob } from '../settings/jobs/replay.ts';
import type { Volts } from '../units/flavours.ts';
import { readingOptions } from './replay/replayer.ts';

/**
 * Opens the trace of a replay, without reading its accesses; the check that it returns resolves the timing at a supply and lets
 * the controller look at it. Both throw InputError for what cannot be replayed.
 */
export async function openReplayCheck(job: ReplayJob): Promise<(supply: Volts) => Promise<void>> {
  const device = await loadDevice(job.device, modelFiles);
  const { organisation } = device;
  const mapping = await openAddressMapping(job.addressMapping, organisation);
  const opened = await openTrace(job.trace, readingOptions({ job, device, mapping }));
  opened.close();
  const options = controllerOptions(job.controller);
  return async (supply) => {
    const timing = await timingAt(device, supply, job, modelFiles);
    createController(organisation, timing, options);
  };
}

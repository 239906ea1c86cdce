import type { Dataset } from '../datasets/dataset.ts';
import { createController } from '../dram/controller.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { openAddressMapping } from '../inputs/open-address-mapping.ts';
import { createInputRecorder, type InputRecorder } from '../inputs/recorder.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { openTrace } from '../inputs/trace-files.ts';
import { uncertainOf } from '../inputs/uncertain-of.ts';
import { controllerOptions } from '../settings/controller-settings.ts';
import { dataPinsOf } from '../settings/data-pins.ts';
import type { ReplayJob } from '../settings/jobs/replay.ts';
import type { Volts } from '../units/flavours.ts';
import { readingOptions } from './replay/reading-options.ts';
import { openReads } from './replay/reads.ts';

/**
 * Opens the trace of a replay, without reading its accesses; the check that it returns resolves the timing at a supply, lets
 * the controller look at it, and reads back the weights of a recording on a chip. Both throw InputError for what cannot be
 * replayed.
 */
export async function openReplayCheck(
  job: ReplayJob,
): Promise<(supply: Volts, chip: number | undefined) => Promise<void>> {
  const recorder = createInputRecorder();
  const { device, reads } = await openReplay(job, recorder);
  const { organisation } = device;
  const options = controllerOptions(job.controller);
  return async (supply, chip) => {
    const timing = await timingAt(device, supply, job, recorder.models);
    createController(organisation, timing, options);
    await reads?.at(supply, chip ?? reads.chips[0]!);
  };
}

/**
 * Notes all that a replay reads besides its trace: models, profile, weak cells, and of a recording weights, images and
 * prior. Throws InputError as the replay does.
 */
export async function noteReplayInputs(
  job: ReplayJob,
  recorder: InputRecorder,
  datasetOf: (name: string) => Promise<Dataset>,
): Promise<void> {
  await openReplay(job, recorder, datasetOf);
}

async function openReplay(
  job: ReplayJob,
  recorder: InputRecorder,
  datasetOf?: (name: string) => Promise<Dataset>,
) {
  const device = await loadDevice(job.device, recorder.models, job.latencyCurve);
  const mapping = await openAddressMapping(job.addressMapping, device.organisation, recorder.note);
  const opened = await openTrace(job.trace, readingOptions({ job, device, mapping }));
  opened.close();
  const io = dataPinsOf(job, device);
  if (job.range) await uncertainOf(job.law, device, io, recorder.models);
  const map = job.noAccuracy ? undefined : opened.trace.memoryMap?.();
  return { device, reads: await openReads(job, map, device, mapping, recorder, datasetOf) };
}

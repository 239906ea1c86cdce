import type { Dataset } from '../datasets/dataset.ts';
import { createController } from '../dram/controller.ts';
import { readAnyNetwork } from '../inputs/read-network.ts';
import { createInputRecorder } from '../inputs/recorder.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { type MappingPolicy, policyOf } from '../mapping/policy.ts';
import { controllerOptions } from '../settings/controller-settings.ts';
import type { RunJob } from '../settings/jobs/run.ts';
import { PLAIN_CODING } from '../sparkxd/weight-memory.ts';
import type { Volts } from '../units/flavours.ts';
import { layersSubject } from './layers/run-layers.ts';
import { readRunInputs } from './run-inputs.ts';
import { unknownPoint } from './run-points.ts';
import type { UnknownPoint } from './unknown-points.ts';

/**
 * Looks whether a point of a job can run: everything but the inferences. Throws InputError for one that cannot; answers with a
 * point that has no results, because nothing is known of its chip's module at the supply.
 */
export type PointCheck = (
  supply: Volts,
  mapping: MappingPolicy,
  chip: number,
) => Promise<UnknownPoint | undefined>;

/**
 * Reads the inputs of a job as `openRun` does and throws InputError as it does; the check that it returns resolves the timing,
 * lets the controller look at it, and places the weights by the errors that the chip has at the supply.
 */
export async function openRunCheck(
  job: RunJob,
  datasetOf: (name: string) => Promise<Dataset>,
): Promise<PointCheck> {
  const recorder = createInputRecorder();
  const network = await readAnyNetwork(job.weights, recorder.note);
  const { memory } =
    network.kind === 'layered'
      ? await layersSubject(job, network, recorder)
      : await readRunInputs(job, network, recorder, datasetOf);
  const { device } = memory;
  const options = controllerOptions(job.controller);
  const timed = new Set<Volts>();
  const time = async (supply: Volts): Promise<void> => {
    if (timed.has(supply)) return;
    const timing = await timingAt(device, supply, job, recorder.models);
    createController(device.organisation, timing, options);
    timed.add(supply);
  };
  await time(device.supply.nominal);
  // What savings are measured against must fit, too.
  memory.recoded(PLAIN_CODING).place(memory.at(1, device.supply.nominal, 'baseline'));
  // Policies that look at no error rates place weights alike on every chip.
  const placed = new Set<MappingPolicy>();
  return async (supply, mapping, chip) => {
    await time(supply);
    const unknown = unknownPoint(memory, supply, mapping, chip);
    if (unknown) return unknown;
    const place = memory.at(chip, supply, mapping);
    // A policy that needs the error rates computes them itself.
    if (policyOf(mapping).needsErrorRates) memory.place(place);
    else {
      memory.errorRates(place.chip(), supply);
      if (!placed.has(mapping)) memory.place(place);
      placed.add(mapping);
    }
    return undefined;
  };
}

import { matrixPoints, type RunInputs, readRunInputs } from '../../experiments/run-inputs.ts';
import { createRunPoints, type RunPoints } from '../../experiments/run-points.ts';
import { supplyRange } from '../../faults/chip.ts';
import { readNetwork } from '../../inputs/read-network.ts';
import { createInputRecorder } from '../../inputs/recorder.ts';
import type { RunJob } from '../../settings/jobs/run.ts';
import { readDataset } from '../host/read-dataset.ts';
import type { CurvePoint, PointView } from '../messages.ts';

/** A job whose inputs are read, whatever its supply, mapping and chip. */
export interface OpenModel {
  readonly inputs: RunInputs;
  readonly points: RunPoints;
  readonly remarks: ReadonlySet<string>;
  /** Curves by mapping and chip, as far as they are known; by supply. */
  readonly curves: Map<string, Map<number, CurvePoint | undefined>>;
}

/** Models that are kept open: going back to one of them takes no time. */
const MOST_OPEN = 6;
const models = new Map<string, OpenModel>();

/** The model of a job; files that were dropped again are read again where `files` differs. Throws InputError. */
export async function openModel(job: RunJob, files: number): Promise<OpenModel> {
  const { supplies: _supplies, mappings: _mappings, chips: _chips, ...shared } = job;
  const key = `${files} ${JSON.stringify(shared)}`;
  const known = models.get(key);
  if (known) {
    models.delete(key);
    models.set(key, known);
    return known;
  }
  const remarks = new Set<string>();
  const recorder = createInputRecorder((line) => remarks.add(line));
  const stored = await readNetwork(job.weights, recorder.note);
  const inputs = await readRunInputs(job, stored, recorder, readDataset);
  const points = createRunPoints(job, matrixPoints(job, inputs));
  const model = { inputs, points, remarks, curves: new Map() };
  models.set(key, model);
  if (models.size > MOST_OPEN) models.delete(models.keys().next().value!);
  return model;
}

/** Supplies at which the device runs and the errors of a chip are known, down from the nominal one. */
export function rangeOf({ inputs: { memory } }: OpenModel, chip: number): PointView['range'] {
  const { device } = memory;
  const { nominal, min } = device.supply;
  const one = memory.chip(chip);
  const known = one.kind === 'measured' ? one.map.lowest : supplyRange(one).lowest;
  return { lowest: Math.max(min, known), nominal };
}

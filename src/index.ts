/**
 * The library's face: what the command line can do, a program can do with the same calls.
 *
 * ```ts
 * import { runVoltages, silent } from 'sparkxd';
 * const { rows } = await runVoltages(job, 2, silent);
 * ```
 */
export { InputError } from './errors/input-error.ts';
export {
  type PhaseMonitor,
  runVoltages,
  type VoltageJob,
  type VoltageOutcome,
} from './experiments/run.ts';
export { type DataEnergyJob, type DataEnergyOutcome, runDataEnergy } from './experiments/run-data-energy.ts';
export {
  type EvaluationJob,
  type EvaluationOutcome,
  runEvaluation,
} from './experiments/run-evaluation.ts';
export { addressOf, explainAddress, type MapJob, type MapOutcome, runMap } from './experiments/run-map.ts';
export { type PowerJob, type PowerOutcome, runPower } from './experiments/run-power.ts';
export { type RecordJob, type RecordOutcome, runRecord } from './experiments/run-record.ts';
export { type ReplayJob, type ReplayOutcome, runReplay } from './experiments/run-replay.ts';
export { type RunChoice, runWaterfall, type WaterfallOutcome } from './experiments/run-waterfall.ts';
export { loadDevice } from './hardware/load-device.ts';
export { loadVoltageProfile } from './hardware/load-voltage-profile.ts';
export { resolveTiming } from './hardware/resolve-timing.ts';
export { modelFiles } from './inputs/model-files.ts';
export { readDataset } from './inputs/read-dataset.ts';
export { readNetwork } from './inputs/read-network.ts';
export { resultsCsv } from './results/csv.ts';
export { RESULT_COLUMNS, type ResultRow } from './results/result-columns.ts';

import type { PhaseMonitor } from './experiments/run.ts';

/** For callers that show no progress. */
export const silent: PhaseMonitor = { begin() {}, advance() {} };

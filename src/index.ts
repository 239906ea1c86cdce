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
  type EvaluationJob,
  type EvaluationOutcome,
  runEvaluation,
} from './experiments/accuracy/run-evaluation.ts';
export { modelFiles } from './experiments/model-files.ts';
export { readDataset } from './experiments/read-dataset.ts';
export { readNetwork } from './experiments/read-network.ts';
export { type DataEnergyJob, type DataEnergyOutcome, runDataEnergy } from './experiments/run-data-energy.ts';
export { addressOf, explainAddress, type MapJob, type MapOutcome, runMap } from './experiments/run-map.ts';
export { type PowerJob, type PowerOutcome, runPower } from './experiments/run-power.ts';
export {
  type PhaseMonitor,
  runVoltages,
  type VoltageJob,
  type VoltageOutcome,
} from './experiments/run-voltages.ts';
export { type RunChoice, runWaterfall, type WaterfallOutcome } from './experiments/run-waterfall.ts';
export { type RecordJob, type RecordOutcome, runRecord } from './experiments/traces/run-record.ts';
export { type ReplayJob, type ReplayOutcome, runReplay } from './experiments/traces/run-replay.ts';
export { loadDevice } from './hardware/load-device.ts';
export { loadVoltageProfile } from './hardware/load-voltage-profile.ts';
export { resolveTiming } from './hardware/resolve-timing.ts';
export { resultsCsv } from './report/csv.ts';
export { RESULT_COLUMNS, type ResultRow } from './report/result-columns.ts';

import type { PhaseMonitor } from './experiments/run-voltages.ts';

/** For callers that show no progress. */
export const silent: PhaseMonitor = { begin() {}, advance() {} };

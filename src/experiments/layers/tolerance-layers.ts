import { bytesPerBurst } from '../../hardware/device.ts';
import { loadDevice } from '../../hardware/load-device.ts';
import { openLayers } from '../../inputs/open-layers.ts';
import type { StoredLayers } from '../../inputs/read-network.ts';
import { PARTS } from '../../inputs/read-samples.ts';
import { createInputRecorder } from '../../inputs/recorder.ts';
import type { ToleranceRow } from '../../results/tables.ts';
import type { ToleranceJob } from '../../settings/jobs/tolerance.ts';
import { weightTensors } from '../../snn/layers/layered-network.ts';
import { weightBits } from '../../snn/weight-format.ts';
import { marksOf } from '../../sparkxd/accuracy.ts';
import { layeredBitDamage, layeredDamage } from '../../sparkxd/layered-damage.ts';
import { storeLayers } from '../../sparkxd/stored-layers.ts';
import { type Damage, modelDamageOf } from '../../sparkxd/tolerance-damage.ts';
import { layeredForm } from '../../sparkxd/weight-form.ts';
import { createEvaluationPool } from '../accuracy/evaluate-pool.ts';
import type { PhaseMonitor } from '../monitor.ts';
import { studyDamages, type ToleranceByLayer, type ToleranceOutcome } from '../tolerance/damages.ts';
import {
  createRatedDamage,
  openTolerance,
  type RatedDamage,
  type SearchedRate,
  searchRows,
  type ToleranceStudy,
} from '../tolerance/study.ts';
import { refuseFlags, remarkEvents } from './layered-job.ts';

/** Weights of all tensors of a layered network. */
type Weights = readonly Float32Array[];

/** `sparkxd tolerance` of a layered network. Throws InputError for input that cannot serve. */
export async function layersTolerance(
  job: ToleranceJob,
  stored: StoredLayers,
  threads: number,
  monitor: PhaseMonitor,
): Promise<ToleranceOutcome> {
  const { file, network } = stored;
  refuseFlags(
    [
      ...(job.ceiling === undefined ? [] : ['--ceiling']),
      ...(job.prior === undefined ? [] : ['--prior']),
      ...(job.byInputs === undefined ? [] : ['--by-inputs']),
    ],
    'of Diehl & Cook networks, which have one matrix of weights of one sign',
    file,
  );
  const recorder = createInputRecorder(monitor.remark);
  const open = await openLayers({ ...job, parts: PARTS }, stored, recorder);
  const { runnable, split } = open;
  const samples = { test: split('test', job.images), validation: split('validation', job.images) };
  for (const each of [samples.test, samples.validation]) remarkEvents(open, each, recorder.remark);
  const device = await loadDevice(job.device, recorder.models);
  const tensors = weightTensors(network);
  const conditions = { ...job, burstBytes: bytesPerBurst(device.organisation) };
  const memory = storeLayers(tensors, job, conditions.burstBytes);
  const rated = (damage: Damage<Weights>): RatedDamage<Weights> => createRatedDamage(damage, job.seed);
  const anywhereAt = layeredDamage(tensors, conditions);
  const shares = (of: (k: number) => number): RatedDamage<Weights> =>
    rated(anywhereAt(tensors.map((_, k) => of(k))));
  const anywhere =
    job.errorModel === 0
      ? shares(() => 1)
      : rated(modelDamageOf(layeredForm(memory), { device, repair: job.repair }, job.errorModel));
  const most = Math.max(...memory.tensors.map(({ coding }) => weightBits(coding.format)));
  const bits = job.byBit
    ? Array.from({ length: most }, (_, bit) => rated(layeredBitDamage(tensors, conditions, bit)))
    : [];
  const vote = runnable.presentation.readout;
  const pool = await createEvaluationPool(threads);
  try {
    const sound = tensors.map(({ weights }) => weights);
    const study = await openTolerance<Weights>(job, sound, async (variants, which) => {
      const shown = samples[which];
      monitor.begin('images', variants.length * shown.set.count);
      const predicted = await pool.predictLayers(runnable, variants, shown, job.seed, monitor.advance);
      return predicted.map((prediction) => marksOf(prediction, shown.set));
    });
    const outcome = await studyDamages(job, study, { vote, anywhere, bits, groups: [] });
    if (!job.byLayer) return outcome;
    const names = tensors.map(({ name }) => name);
    const { byLayer, rows } = await studyLayers(study, names, shares, vote);
    return { ...outcome, byLayer, rows: [...outcome.rows, ...rows] };
  } finally {
    await pool.close();
  }
}

/** Shares of the rates that tensors bear alone between which the search for all of them looks. */
const LEAST_SHARE = 1e-4;

async function studyLayers(
  study: ToleranceStudy<Weights>,
  names: readonly string[],
  shares: (of: (k: number) => number) => RatedDamage<Weights>,
  vote: string,
): Promise<{ readonly byLayer: ToleranceByLayer; readonly rows: readonly ToleranceRow[] }> {
  const tensors: (SearchedRate & { readonly tensor: string })[] = [];
  for (const [k, tensor] of names.entries())
    tensors.push({ tensor, ...(await study.search(shares((other) => (other === k ? 1 : 0)))) });
  const rows = tensors.flatMap((each) => searchRows(vote, each.tensor, each));
  const alone = tensors.map(({ search }) => search.ber);
  if (alone.includes(0)) return { byLayer: { tensors }, rows };
  const together = await study.search(
    shares((k) => alone[k]!),
    LEAST_SHARE,
    1,
  );
  const limits = names.map((tensor, k) => ({ tensor, ber: alone[k]! * together.search.ber }));
  return {
    byLayer: { tensors, together: { ...together, limits } },
    rows: [...rows, ...searchRows(vote, 'all tensors, each at its share', together)],
  };
}

import { join } from 'node:path';
import { firstImages } from '../datasets/first-images.ts';
import { createEvaluationPool } from '../experiments/accuracy/evaluate-pool.ts';
import type { PhaseMonitor } from '../experiments/monitor.ts';
import { programVersion } from '../files/package.ts';
import { sha256 } from '../files/sha256.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { loadVoltageProfile } from '../hardware/load-voltage-profile.ts';
import { berAt } from '../hardware/voltage-profile.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { readNetwork } from '../inputs/read-network.ts';
import { DEFAULT_VOTE } from '../snn/vote.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import { marksOf, scoreMarks } from '../sparkxd/accuracy.ts';
import type { RunRepair } from '../sparkxd/repair-on-load.ts';
import { MASK_STRIDE, uniformDamage } from '../sparkxd/tolerance-damage.ts';
import { crossedProportion, type Marks } from '../stats/crossed.ts';
import { mean } from '../stats/moments.ts';
import type { DatasetLibrary } from '../sweep/inputs.ts';
import { requireResponses } from '../weights/network-file.ts';
import { LOWEST } from './configurations.ts';
import { readKept, writeKept } from './kept.ts';
import { CURVED, DEVICE, datasetOf } from './reproduction-plan.ts';
import type { ReproducedCurve, ReproducedPoint } from './reproduction-study.ts';

/** Bit error rates of the curves; EnforceSNN's claim is about 1e-3. */
const RATES = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1];

const CURVES: readonly { readonly format: WeightFormat; readonly repair: RunRepair }[] = [
  { format: 'fp32', repair: 'none' },
  { format: 'fp32', repair: 'clamp' },
  { format: 'fp32', repair: 'zero' },
  { format: 'fp32', repair: 'median' },
  { format: 'uint8', repair: 'none' },
  { format: 'uint8', repair: 'median' },
];

/** How weights are kept where every network is tried at the mean rate of a chip. */
const AT_MEAN: readonly Way[] = [
  { format: 'fp32', repair: 'zero' },
  { format: 'uint8', repair: 'none' },
];

/** What a point holds; curves kept with other contents are not taken. */
const METHOD = 'mean with the interval over masks and images, observed rate';

/** What curves are measured with. */
interface CurveMeans {
  readonly chips: number;
  readonly images: number;
  readonly seed: number;
  /** Curves are kept here and taken from here, as studies are. */
  readonly folder: string;
  readonly datasets: DatasetLibrary;
  readonly threads: number;
  readonly monitor: PhaseMonitor;
}

/** Accuracy of one shipped network against uniform bit errors, as many masks a rate as there are chips. */
export async function reproduceCurves(means: CurveMeans): Promise<ReproducedCurve[]> {
  const curves: ReproducedCurve[] = [];
  for (const { format, repair } of CURVES)
    curves.push(await curveOf(CURVED, { format, repair }, RATES, means));
  return curves;
}

/** Accuracy of each network at the mean bit error rate of a chip at the paper's lowest supply, wherever its weights lie. */
export async function reproduceAtMean(
  networks: readonly string[],
  means: CurveMeans,
): Promise<ReproducedCurve[]> {
  const { members } = await loadVoltageProfile('sparkxd', modelFiles);
  const rate = berAt(members[0]!.curve, LOWEST);
  const found: ReproducedCurve[] = [];
  for (const network of networks)
    for (const way of AT_MEAN) found.push(await curveOf(network, way, [rate], means));
  return found;
}

type Way = (typeof CURVES)[number];

async function curveOf(
  name: string,
  { format, repair }: Way,
  rates: readonly number[],
  { chips, images: count, seed, folder, datasets, threads, monitor }: CurveMeans,
): Promise<ReproducedCurve> {
  const { network, file, bytes } = await readNetwork(name);
  const images = firstImages((await datasets(datasetOf(name))).test, count, 'test images');
  const id = `${name}-${format}-${repair}${rates.length === 1 ? '-mean' : ''}`;
  monitor.stage?.(`errors alone: ${id}`);
  const kept = join(folder, 'curves', `${id}.json`);
  const of = [sha256(bytes), rates, format, repair, chips, images.count, seed];
  const fingerprint = sha256(JSON.stringify([await programVersion(), METHOD, ...of]));
  const known = await readKept<ReproducedCurve>(kept, fingerprint);
  if (known) return known;

  const device = await loadDevice(DEVICE, modelFiles);
  const damage = uniformDamage(network, { format, ecc: 'none', device, repair });
  const masks = Array.from({ length: chips }, (_, mask) => seed + mask * MASK_STRIDE);
  const observed: number[] = [];
  const variants = rates.flatMap((ber) =>
    masks.map((mask) => damage(ber, mask, (found) => observed.push(found.observed))),
  );
  monitor.begin(`${id}: images`, (variants.length + 1) * images.count);
  const pool = await createEvaluationPool(threads);
  try {
    const settings = { responses: requireResponses(network, file), vote: DEFAULT_VOTE, seed };
    const onImages = (done: number): void => monitor.advance(done);
    const predictions = await pool.predict(
      network,
      [network.weights, ...variants],
      images,
      settings,
      onImages,
    );
    const [clean, ...marks] = predictions.map((prediction) => marksOf(prediction, images));
    const points = rates.map((ber, k) => {
      const [from, to] = [k * chips, (k + 1) * chips];
      return pointOf(ber, mean(observed.slice(from, to)), marks.slice(from, to));
    });
    const curve = { network: name, format, repair, clean: scoreMarks(clean!).accuracy, points };
    await writeKept(kept, fingerprint, curve);
    return curve;
  } finally {
    await pool.close();
  }
}

/** A rate's point, by what images are right (1) under each mask. */
export function pointOf(ber: number, observed: number, marks: Marks): ReproducedPoint {
  const { estimate: accuracy, low, high } = crossedProportion(marks);
  const masks = marks.length;
  return { ber, observed, masks, accuracy, ...(masks > 1 ? { interval: { low, high } } : {}) };
}

import { join } from 'node:path';
import { firstImages } from '../datasets/first-images.ts';
import { createEvaluationPool } from '../experiments/accuracy/evaluate-pool.ts';
import type { PhaseMonitor } from '../experiments/monitor.ts';
import { programVersion } from '../files/package.ts';
import { sha256 } from '../files/sha256.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork } from '../inputs/read-network.ts';
import { DEFAULT_VOTE } from '../snn/vote.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import { marksOf, scoreMarks } from '../sparkxd/accuracy.ts';
import type { RunRepair } from '../sparkxd/repair-on-load.ts';
import { MASK_STRIDE, uniformDamage } from '../sparkxd/tolerance-damage.ts';
import { crossedProportion, type Marks } from '../stats/crossed.ts';
import { mean } from '../stats/moments.ts';
import { requireResponses } from '../weights/network-file.ts';
import { readKept, writeKept } from './kept.ts';
import { CURVED, DEVICE, datasetOf, type ReproductionScale } from './reproduction-plan.ts';
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

/** What a point holds; curves kept with other contents are not taken. */
const METHOD = 'mean with the interval over masks and images, observed rate';

/**
 * Accuracy of one shipped network against uniform bit errors, as many masks a rate as the scale has chips. Kept in
 * `folder` and taken from there, as studies are.
 */
export async function reproduceCurves(
  { chips, images: count, seed }: ReproductionScale,
  folder: string,
  threads: number,
  monitor: PhaseMonitor,
): Promise<ReproducedCurve[]> {
  const { network, file, bytes } = await readNetwork(CURVED);
  const images = firstImages((await readDataset(datasetOf(CURVED))).test, count, 'test images');
  const device = await loadDevice(DEVICE, modelFiles);
  const settings = { responses: requireResponses(network, file), vote: DEFAULT_VOTE, seed };
  const curves: ReproducedCurve[] = [];
  for (const { format, repair } of CURVES) {
    const id = `${format}-${repair}`;
    monitor.stage?.(`errors in ${format}, ${repair}`);
    const kept = join(folder, 'curves', `${id}.json`);
    const of = [sha256(bytes), RATES, format, repair, chips, images.count, seed];
    const asOf = [await programVersion(), METHOD, ...of];
    const fingerprint = sha256(JSON.stringify(asOf));
    let curve = await readKept<ReproducedCurve>(kept, fingerprint);
    if (!curve) {
      const damage = uniformDamage(network, { format, ecc: 'none', device, repair });
      const masks = Array.from({ length: chips }, (_, mask) => seed + mask * MASK_STRIDE);
      const observed: number[] = [];
      const variants = RATES.flatMap((ber) =>
        masks.map((mask) => damage(ber, mask, (rates) => observed.push(rates.observed))),
      );
      monitor.begin(`errors in ${format}, ${repair}: images`, (variants.length + 1) * images.count);
      const pool = await createEvaluationPool(threads);
      try {
        const all = [network.weights, ...variants];
        const onImages = (done: number): void => monitor.advance(done);
        const predictions = await pool.predict(network, all, images, settings, onImages);
        const [clean, ...marks] = predictions.map((prediction) => marksOf(prediction, images));
        const points = RATES.map((ber, k) => {
          const [from, to] = [k * chips, (k + 1) * chips];
          return pointOf(ber, mean(observed.slice(from, to)), marks.slice(from, to));
        });
        curve = { network: CURVED, format, repair, clean: scoreMarks(clean!).accuracy, points };
      } finally {
        await pool.close();
      }
      await writeKept(kept, fingerprint, curve);
    }
    curves.push(curve);
  }
  return curves;
}

/** A rate's point, by what images are right (1) under each mask. */
export function pointOf(ber: number, observed: number, marks: Marks): ReproducedPoint {
  const { estimate: accuracy, low, high } = crossedProportion(marks);
  const masks = marks.length;
  return { ber, observed, masks, accuracy, ...(masks > 1 ? { interval: { low, high } } : {}) };
}

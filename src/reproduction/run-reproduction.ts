import { join } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import type { KnownAccuracies } from '../experiments/accuracy/classify-held.ts';
import type { PhaseMonitor } from '../experiments/monitor.ts';
import { type OpenRun, openRun } from '../experiments/run.ts';
import { makeFolder } from '../files/make-folder.ts';
import { sha256 } from '../files/sha256.ts';
import type { RunRow } from '../results/tables.ts';
import type { RunJob } from '../settings/jobs/run.ts';
import type { DatasetLibrary } from '../sweep/inputs.ts';
import { networkGoneOn } from './aware-networks.ts';
import { readKept, writeKept } from './kept.ts';
import type { Study } from './reproduction-plan.ts';
import { isWide } from './reproduction-statistics.ts';
import type { ReproducedStudy, StudyRole } from './reproduction-study.ts';
import { networkOfSeed } from './training-seeds.ts';

/** Roles in which a refusal is part of the answer. */
const MAY_REFUSE: readonly StudyRole[] = ['ablation', 'modules'];

/**
 * Runs the studies one after the other, after training what they need. Networks and studies are kept in `folder` as
 * soon as they are done; a later call takes from there what was computed from the same job, files and version, so that
 * an interrupted reproduction goes on. A mechanism that the program refuses (a supply that a device does not know) is
 * part of the outcome.
 */
export async function runReproduction(
  studies: readonly Study[],
  folder: string,
  datasetOf: DatasetLibrary,
  threads: number,
  monitor: PhaseMonitor,
): Promise<ReproducedStudy[]> {
  makeFolder(join(folder, 'studies'));
  const training = { folder: join(folder, 'networks'), datasetOf, threads, monitor };
  // Studies of one network and as many images share them and the seed, so that weights which load alike are classified once.
  const accuracies = new Map<string, KnownAccuracies>();
  const outcomes: ReproducedStudy[] = [];
  for (const [i, study] of studies.entries()) {
    monitor.stage?.(`study ${i + 1} of ${studies.length}: ${study.id}`);
    outcomes.push(await reproduceStudy(study));
  }
  return outcomes;

  async function reproduceStudy({ job, wider, ...what }: Study): Promise<ReproducedStudy> {
    const study = await compute(job, what, what.id);
    return wider && isWide(study) ? compute(wider, what, `${what.id}-all-images`) : study;
  }

  async function compute(
    named: RunJob,
    what: Omit<ReproducedStudy, 'rows' | 'refused'>,
    id: string,
  ): Promise<ReproducedStudy> {
    const { network, trainingSeed, awareness } = what;
    const weights = awareness
      ? await networkGoneOn(network, trainingSeed, awareness, training)
      : await networkOfSeed(network, trainingSeed, training);
    const prior = named.repair === 'context' ? { prior: `n900-${named.dataset}` } : {};
    const job = { ...named, weights, ...prior };
    const file = join(folder, 'studies', `${id}.json`);
    const sample = `${weights} ${job.images ?? 'all'}`;
    const known = accuracies.get(sample) ?? new Map();
    accuracies.set(sample, known);
    try {
      const opened = await openRun(job, datasetOf, known);
      const fingerprint = fingerprintOf(opened);
      let rows = await readKept<readonly RunRow[]>(file, fingerprint);
      if (!rows) {
        const titled: PhaseMonitor = {
          begin: (phase, steps) => monitor.begin(`${id}: ${phase}`, steps),
          advance: (steps) => monitor.advance(steps),
        };
        const points = await opened.points(threads, titled, () => true);
        // Of a module that is not known at a supply there is no row.
        rows = points.flatMap((point) => ('row' in point ? [point.row] : []));
        await writeKept(file, fingerprint, rows);
      }
      return { ...what, rows, refused: undefined };
    } catch (error) {
      if (!(error instanceof InputError) || !MAY_REFUSE.includes(what.role)) throw error;
      return { ...what, rows: [], refused: error.message };
    }
  }
}

/** Of all that the rows follow from: the job and what it reads. Networks count by their bytes, wherever they lie. */
function fingerprintOf({ manifest: { version, configuration, inputs } }: OpenRun): string {
  const read = Object.entries(inputs).map(([key, hash]) => [key.split(' ')[0], hash]);
  return sha256(JSON.stringify([version, { ...configuration, weights: undefined }, read]));
}

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import {
  type KnownAccuracies,
  openVoltageRun,
  type PhaseMonitor,
  type VoltageJob,
} from '../experiments/run.ts';
import { programVersion } from '../files/package.ts';
import { sha256 } from '../files/sha256.ts';
import { writeWhole } from '../files/write-file.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { readNetwork } from '../inputs/read-network.ts';
import type { ResultRow } from '../results/result-columns.ts';
import { createDatasetLibrary } from '../sweep/inputs.ts';
import { networkForChip } from './aware-networks.ts';
import type { Study } from './reproduction-plan.ts';
import type { ReproducedStudy } from './reproduction-study.ts';
import { networkOfSeed } from './training-seeds.ts';

interface Kept {
  readonly fingerprint: string;
  readonly rows: readonly ResultRow[];
  readonly refused?: string;
}

/**
 * Runs the studies one after the other, after training what they need. Networks and studies are kept in `folder` as
 * soon as they are done; a later call takes from there what was computed from the same job, files and version, so that
 * an interrupted reproduction goes on. A mechanism that the program refuses (a supply that a device does not know) is
 * part of the outcome.
 */
export async function runReproduction(
  studies: readonly Study[],
  folder: string,
  jobs: number,
  monitor: PhaseMonitor,
): Promise<ReproducedStudy[]> {
  await mkdir(join(folder, 'studies'), { recursive: true });
  const datasetOf = createDatasetLibrary();
  const training = { folder: join(folder, 'networks'), datasetOf, jobs, monitor };
  // Studies of one network share seed and images, so that weights which load alike are classified once.
  const accuracies = new Map<string, KnownAccuracies>();
  const outcomes: ReproducedStudy[] = [];
  for (const study of studies) {
    const { job: named, awareness, ...what } = study;
    const plain = await networkOfSeed(study.network, study.trainingSeed, training);
    const weights = awareness ? await networkForChip(plain, study, training) : plain;
    const job = { ...named, weights };
    const file = join(folder, 'studies', `${study.id}.json`);
    const fingerprint = await fingerprintOf(job);
    let kept = await readKept(file, fingerprint);
    if (!kept) {
      const titled: PhaseMonitor = {
        begin: (phase, steps) => monitor.begin(`${study.id}: ${phase}`, steps),
        advance: (steps) => monitor.advance(steps),
      };
      try {
        const known = accuracies.get(weights) ?? new Map();
        accuracies.set(weights, known);
        const run = await openVoltageRun(job, datasetOf, known);
        const asked = (place: number): boolean => !awareness || place === job.chips - 1;
        kept = { fingerprint, rows: await run.rows(jobs, titled, asked) };
      } catch (error) {
        if (!(error instanceof InputError) || study.role !== 'ablation') throw error;
        kept = { fingerprint, rows: [], refused: error.message };
      }
      await writeWhole(file, `${JSON.stringify(kept)}\n`);
    }
    outcomes.push({ ...what, rows: kept.rows, refused: kept.refused });
  }
  return outcomes;
}

/** The rows of a study computed before, unless anything that they follow from has changed. */
async function readKept(file: string, fingerprint: string): Promise<Kept | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
  const kept = JSON.parse(text) as Kept;
  return kept.fingerprint === fingerprint ? kept : undefined;
}

/** Of all that the rows follow from: weights by their bytes, wherever they lie. */
async function fingerprintOf({ weights, prior, ...job }: VoltageJob): Promise<string> {
  const texts = await Promise.all([
    modelFiles.read('dram', job.device),
    modelFiles.read('voltage', job.profile),
    modelFiles.read('accelerators', job.accelerator),
  ]);
  const { bytes } = await readNetwork(weights);
  return sha256(
    JSON.stringify([
      await programVersion(),
      job,
      sha256(bytes),
      ...texts.map(({ text }) => sha256(text)),
      ...(prior === undefined ? [] : [sha256((await readNetwork(prior)).bytes)]),
    ]),
  );
}

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import type { ResultRow } from '../report/result-columns.ts';
import { writeWhole } from './files.ts';
import { programVersion, sha256 } from './manifest.ts';
import { modelFiles } from './model-files.ts';
import { readNetwork } from './read-network.ts';
import type { Study } from './reproduction-plan.ts';
import { type PhaseMonitor, runVoltages } from './run-voltages.ts';

/** A study and what came out: its rows, or why it could not be computed. */
export interface StudyOutcome {
  readonly study: Study;
  readonly rows: readonly ResultRow[];
  readonly refused: string | undefined;
}

interface Kept {
  readonly fingerprint: string;
  readonly rows: readonly ResultRow[];
  readonly refused?: string;
}

/**
 * Runs the studies one after the other. Each is kept in `folder` as soon as it is done; a later call takes from there
 * what was computed from the same job, files and version, so that an interrupted reproduction goes on. A study that
 * the program refuses (a supply that a device does not know) is part of the outcome.
 */
export async function runReproduction(
  studies: readonly Study[],
  folder: string,
  jobs: number,
  monitor: PhaseMonitor,
): Promise<StudyOutcome[]> {
  await mkdir(join(folder, 'studies'), { recursive: true });
  const outcomes: StudyOutcome[] = [];
  for (const study of studies) {
    const file = join(folder, 'studies', `${study.id}.json`);
    const fingerprint = await fingerprintOf(study);
    let kept = await readKept(file, fingerprint);
    if (!kept) {
      kept = await compute(study, fingerprint, jobs, monitor);
      await writeWhole(file, `${JSON.stringify(kept)}\n`);
    }
    outcomes.push({ study, rows: kept.rows, refused: kept.refused });
  }
  return outcomes;
}

async function compute(
  study: Study,
  fingerprint: string,
  jobs: number,
  monitor: PhaseMonitor,
): Promise<Kept> {
  const titled: PhaseMonitor = {
    begin: (phase, steps) => monitor.begin(`${study.id}: ${phase}`, steps),
    advance: (steps) => monitor.advance(steps),
  };
  try {
    const { rows } = await runVoltages(study.job, jobs, titled);
    return { fingerprint, rows };
  } catch (error) {
    if (!(error instanceof InputError) || study.ablation === undefined) throw error;
    return { fingerprint, rows: [], refused: error.message };
  }
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

async function fingerprintOf({ job }: Study): Promise<string> {
  const texts = await Promise.all([
    modelFiles.read('dram', job.device),
    modelFiles.read('voltage', job.profile),
    modelFiles.read('accelerators', job.accelerator),
  ]);
  const { bytes } = await readNetwork(job.weights);
  return sha256(
    JSON.stringify([await programVersion(), job, sha256(bytes), ...texts.map(({ text }) => sha256(text))]),
  );
}

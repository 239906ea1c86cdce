import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import type { PhaseMonitor } from '../experiments/monitor.ts';
import { unknownInWords } from '../experiments/unknown-points.ts';
import {
  choosePoints,
  compareForms,
  compareInputs,
  compareRow,
  type Difference,
  distinctColumns,
  type VerifyJob,
  type VerifyOutcome,
} from '../experiments/verify.ts';
import { readText } from '../files/read-file.ts';
import { discard, removeAtExit } from '../files/temporary.ts';
import { parseTable } from '../results/csv.ts';
import { valueOn } from './axes.ts';
import { createDatasetLibrary, readSweepInputs } from './inputs.ts';
import { localExecutor } from './local-executor.ts';
import type { SweepPoint } from './plan.ts';
import {
  beginSweep,
  openSweep,
  pointStates,
  readFailure,
  readRow,
  readUnknown,
  type SweepHeader,
} from './store.ts';
import { axesOf, axisColumn, mergedTable } from './table.ts';

/**
 * `sparkxd verify DIR` of a merged sweep: works points of results.csv off again in a temporary folder and compares the
 * bytes of their rows; also the inputs by their hashes, and manifest.json with sweep.json. Points are known by their
 * axes, so a merge of a part can be verified too. Throws InputError for a folder that no sweep of this version merged.
 */
export async function verifySweep(
  { folder, points: asked, seed }: VerifyJob,
  threads: number,
  monitor: PhaseMonitor,
): Promise<VerifyOutcome> {
  const { header, points } = await openSweep(folder);
  const differences: Difference[] = [];
  const differ = (place: string, what: string, stated: string, derived: string): void => {
    if (stated !== derived) differences.push({ place, what, stated, derived });
  };
  const csv = await read(join(folder, 'results.csv'));
  const [head = '', ...stated] = csv.split('\r\n');
  differ('results.csv', 'end', JSON.stringify(stated.pop()), '""');
  const { manifest } = mergedTable(header, [], []);
  differ('manifest.json', 'text', await read(join(folder, 'manifest.json')), manifest);

  const datasets = createDatasetLibrary();
  const now = await readSweepInputs(header.plan, points, datasets);
  differences.push(...compareInputs('sweep.json', header.inputs, now.header.inputs));

  const axes = axesOf(header);
  const keyOf = (cellOf: (axis: (typeof axes)[number]) => unknown): string =>
    JSON.stringify(axes.map((axis) => String(cellOf(axis))));
  const byAxes = new Map(points.map((point) => [keyOf((axis) => valueOn(point.settings, axis)), point]));
  const { rows } = await parseTable(csv, join(folder, 'results.csv'));
  const placed = [...choosePoints(stated.length, asked, seed)].map((place) => {
    const row = rows[place]!;
    return {
      line: place + 2,
      text: stated[place]!,
      point: byAxes.get(keyOf((axis) => row[axisColumn(axis)])),
    };
  });
  for (const { line, text, point } of placed)
    if (!point) differ(`results.csv:${line}`, 'row', text, 'no point of the plan has these axes');

  const chosen = placed.flatMap(({ point }) => point ?? []);
  const temporary = await mkdtemp(join(tmpdir(), 'sparkxd-verify-'));
  const keep = removeAtExit(temporary);
  try {
    await beginSweep(temporary, now.header);
    const { fingerprint } = now.header;
    const pending = new Set(chosen.map(({ hash }) => hash));
    monitor.begin('points', pending.size);
    await localExecutor(threads).run(
      { folder: temporary, fingerprint, points, pending, datasets, sizes: now.sizes },
      ({ done, failed, unknown }) => monitor.advance(done + failed + unknown),
    );
    const { failed, unknown } = await pointStates(temporary);
    for (const { line, text, point } of placed) {
      if (!point) continue;
      if (failed.has(point.hash)) {
        const error = await readFailure(temporary, fingerprint, point.hash);
        differ(`results.csv:${line}`, 'row', text, error);
        continue;
      }
      if (unknown.has(point.hash)) {
        const why = unknownInWords([await readUnknown(temporary, fingerprint, point.hash)]);
        differ(`results.csv:${line}`, 'row', text, why.join('\n'));
        continue;
      }
      const [derivedHead = '', derived = ''] = await linesOf(temporary, now.header, point);
      const headers = { stated: head, derived: derivedHead };
      if (line === placed[0]!.line) differ('results.csv:1', 'columns', ...distinctColumns(headers));
      differences.push(...(await compareRow(headers, { stated: text, derived }, line)));
    }
    if (chosen.length === stated.length && failed.size + unknown.size === 0) {
      const derived = await Promise.all(chosen.map(({ hash }) => readRow(temporary, now.header, hash)));
      differences.push(...(await compareForms(folder, mergedTable(header, chosen, derived).write)));
    }
  } finally {
    discard(temporary);
    keep();
  }
  return {
    points: stated.length,
    lines: placed.map(({ line }) => line),
    differences,
    stated_revision: null,
    derived_revision: null,
  };

  async function linesOf(from: string, of: SweepHeader, point: SweepPoint): Promise<string[]> {
    const row = await readRow(from, of, point.hash);
    return String(await mergedTable(header, [point], [row]).write('csv')).split('\r\n');
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readText(file, { what: 'no merged sweep here' });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.what, {
      place: { file },
      remedy: 'merge it first: sparkxd sweep merge DIR',
      cause: error,
    });
  }
}

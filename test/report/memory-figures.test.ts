import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRun } from '../../src/experiments/run.ts';
import { sha256 } from '../../src/files/sha256.ts';
import { markupText } from '../../src/report/markup.ts';
import { memoryFigures } from '../../src/report/memory-figures.ts';
import { runReport } from '../../src/report/run-report.ts';
import type { Manifest } from '../../src/results/manifest.ts';
import { RUN_TABLE } from '../../src/results/tables.ts';
import { tableCsv } from '../../src/results/write-rows.ts';
import { RUN } from '../../src/settings/jobs/run.ts';
import { completeJob } from '../../src/settings/parse-job.ts';
import { runRow } from '../results/rows.ts';

const job = completeJob(RUN, {
  ...{ weights: 'n400-mnist', dataset: 'mnist', device: 'lpddr3-1600-4gb-sparkxd', profile: 'sparkxd' },
  ...{ accelerator: 'edge', supplies: [1.35, 1.025], mappings: ['baseline', 'sparkxd'], chips: 2 },
  ...{ inferences: 1, workload: 'stream', timing: 'paper', repair: 'clamp', format: 'int8', ecc: 'none' },
  ...{ errorModel: 0, berLimit: 1e-3, bound: 0.01, law: 'quadratic', seed: 1 },
});
let manifest: Manifest;

beforeAll(async () => {
  ({ manifest } = await openRun(job));
});

describe('what a report makes again from the manifest', () => {
  it('is a plan a mapping, the fields clean and a mapping, and the commands at both ends of the supplies', async () => {
    const figures = await memoryFigures(JSON.stringify(manifest));
    expect(figures.map(({ id }) => id)).toEqual(['floor-plan', 'receptive-fields', 'command-timeline']);
    const [plan, fields, timeline] = figures.map(({ pictures }) => pictures.map(markupText));
    expect(plan).toHaveLength(2);
    expect(fields).toHaveLength(3);
    expect(timeline).toHaveLength(2);
    expect(plan!.map((svg) => /the (\d+) outlined of 256/.exec(svg)?.[1])).toEqual(['1', expect.any(String)]);
    // Stretched timing: the first read comes later at the lower supply, tRCD being longer.
    const firstRead = timeline!.map((svg) => Number(/<path d="M([\d.]+) \d+v8/.exec(svg)![1]));
    expect(firstRead[1]).toBeGreaterThan(firstRead[0]!);
    for (const svg of timeline!) expect(svg).toContain('900 commands');
    expect(await memoryFigures(JSON.stringify(manifest))).toEqual(figures);
  });

  it.each([
    ['another version', { version: '0.0.0' }, /of sparkxd 0\.0\.0/],
    [
      'weights that changed',
      { inputs: { 'weights n400-mnist': 'x' } },
      /n400-mnist is not what the run read/,
    ],
    ['weights that are gone', { configuration: { weights: 'gone' } }, /no weights "gone"/],
    ['settings that are missing', { configuration: { supplies: [] } }, /configuration\.supplies is \[\]/],
    ['settings of another run', { configuration_sha256: 'x' }, /not the one that was run/],
  ])('says why it is absent: %s', async (_, change: Partial<Manifest>, reason) => {
    const configuration = { ...manifest.configuration, ...change.configuration };
    const changed = {
      ...{ ...manifest, configuration, configuration_sha256: sha256(JSON.stringify(configuration)) },
      ...{ ...change, configuration },
      inputs: { ...manifest.inputs, ...change.inputs },
    };
    for (const { absent, pictures } of await memoryFigures(JSON.stringify(changed))) {
      expect(absent).toMatch(reason);
      expect(absent).not.toContain('\n');
      expect(pictures).toEqual([]);
    }
  });

  it('is absent from the report of another version, which has all the rest', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sparkxd-figures-'));
    await writeFile(join(folder, 'results.csv'), await tableCsv(RUN_TABLE, [runRow({})]));
    const put = (content: object) => writeFile(join(folder, 'manifest.json'), JSON.stringify(content));
    await put({ ...manifest, version: '0.0.0' });
    const html = await readFile((await runReport({ folder }))[0]!, 'utf8');
    expect(html.match(/Not in this report: results of sparkxd 0\.0\.0/g)).toHaveLength(3);
    expect(html).toContain('id="voltage-chart"');
    await put({ ...manifest, configuration: {} });
    await expect(runReport({ folder })).rejects.toThrow(
      /not the manifest of a sparkxd run\n.*manifest\.json/,
    );
    await rm(folder, { recursive: true });
  });
});

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/files/sha256.ts';
import { cases, FULL } from '../effort.ts';
import { isRefusal, parseCsv, sparkxd } from './program.ts';

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
const reproduce = (...options: string[]) =>
  sparkxd(
    'reproduce',
    ...[
      '--networks',
      'n400-mnist',
      '--chips',
      '1',
      '--headline-chips',
      '1',
      '--aware-seeds',
      '0',
      '--modules',
      '4',
      '--training-seeds',
      '1',
      '--images',
      String(cases(10, 50)),
    ],
    ...['--out', at('out')],
    ...options,
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-reproduce-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('sparkxd reproduce', () => {
  it.runIf(FULL)(
    'writes published numbers beside ours, goes on where it was, and gives the same text again',
    {
      timeout: 240_000,
    },
    async () => {
      const ran = await reproduce('--quiet', '--jobs', '1');
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      const text = await readFile(at('out', 'reproduction.md'), 'utf8');
      expect(ran.stdout).toBe(text);
      expect(text).toContain('| 1.025 | 42.40 | 42.17 | 42.99 | 39.46 | 42.99 |');
      const appendix = await readFile(at('out', 'reproduction-appendix.md'), 'utf8');
      expect(appendix).toContain('voltage alone: baseline mapping, no repair');
      expect(appendix).toContain('UINT8, no repair');
      expect(text + appendix).not.toMatch(/NaN|undefined|Infinity/);
      const rows = parseCsv(await readFile(at('out', 'reproduction.csv'), 'utf8'));
      // The paper's means: six supplies, two mappings, one chip; then one study a mechanism.
      expect(rows.length).toBeGreaterThan(12 + 20);
      const pictures = [...(text + appendix).matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, file]) => file!);
      expect(pictures).toHaveLength(4);
      for (const picture of pictures) expect(await readFile(at('out', picture), 'utf8')).toMatch(/^<svg/);

      // A study that was computed is not computed again; one that followed from something else is.
      type Study = { fingerprint: string; value: { accuracy: number }[] };
      const studyFile = (name: string): string => at('out', 'studies', `n400-mnist-seed1-${name}.json`);
      const edited = async (name: string): Promise<Study> => {
        const study = JSON.parse(await readFile(studyFile(name), 'utf8')) as Study;
        study.value[0]!.accuracy = 0.125;
        return study;
      };
      const hashed = (study: Study) => ({ ...study, sha256: sha256(JSON.stringify(study.value)) });
      const [grid, median] = [await edited('paper'), await edited('fp32-median')];
      await writeFile(studyFile('paper'), JSON.stringify(hashed(grid)));
      const resumed = await reproduce('--json', '--quiet', '--jobs', '1');
      const { studies } = JSON.parse(resumed.stdout) as { studies: { rows: { accuracy: number }[] }[] };
      expect(studies[0]!.rows[0]!.accuracy).toBe(0.125);
      // So is one that somebody edited: its hash differs.
      await writeFile(studyFile('paper'), JSON.stringify(grid));
      await writeFile(
        studyFile('fp32-median'),
        JSON.stringify({ ...hashed(median), fingerprint: 'of another job' }),
      );
      expect((await reproduce('--quiet', '--jobs', '2')).stdout).toBe(text);
    },
  );

  it('refuses a network that is not shipped before it makes a folder', async () => {
    const refused = await sparkxd('reproduce', '--networks', 'n9-mnist', '--out', at('never'));
    expect(refused.code).toBe(1);
    expect(isRefusal(refused)).toBe(true);
    expect(refused.stderr).toContain('n9-mnist');
    await expect(stat(at('never'))).rejects.toThrow('ENOENT');
  });
});

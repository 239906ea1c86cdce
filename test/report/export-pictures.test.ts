import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportPictures } from '../../src/report/export-pictures.ts';
import { type Markup, markup, markupText } from '../../src/report/markup.ts';
import { encodePng } from '../../src/report/png.ts';
import { runReport } from '../../src/report/run-report.ts';
import { svgPng } from '../../src/report/svg-png.ts';
import { REPLAY_TABLE } from '../../src/results/tables.ts';
import { tableCsv } from '../../src/results/write-rows.ts';
import { replayRow } from '../results/rows.ts';

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-pictures-'));
});
afterAll(() => rm(folder, { recursive: true }));

const square = (inside: Markup): Markup =>
  markup`<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40" font-family="sans-serif">${inside}</svg>`;
const sizeOf = (png: Uint8Array): number[] => {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
};

describe('an SVG as PNG', () => {
  it('has four pixels a unit, its texts, and the same bytes each time', async () => {
    const text = markupText(square(markup`<text x="5" y="20">1.025 V</text>`));
    const png = await svgPng(text);
    expect(sizeOf(png)).toEqual([240, 160]);
    expect(Buffer.compare(png, await svgPng(text))).toBe(0);
    // Without a font a text would leave the picture empty.
    expect(Buffer.compare(png, await svgPng(markupText(square(markup``))))).not.toBe(0);
  });
});

describe('the pictures of a report', () => {
  it('are every chart as SVG and PNG, numbered as on the page', async () => {
    const rows = [1.35, 1.1].map((supply) => replayRow({ supply_V: supply }));
    await writeFile(at('replay.csv'), await tableCsv(REPLAY_TABLE, rows));
    const written = await runReport({ tables: [at('replay.csv')] }, at('charts'));
    const names = [
      ...['01-accuracy', '02-ber', '03-wrong-reads', '04-against-supply', '05-explore'],
      ...['06-breakdown', '07-conditions', '08-read-latency'],
    ].flatMap((name) => [`${name}.svg`, `${name}.png`]);
    expect(written).toEqual([at('replay.report.html'), ...names.map((name) => at('charts', name))]);
    expect((await readdir(at('charts'))).sort()).toEqual([...names].sort());
    for (const name of names) {
      const bytes = await readFile(at('charts', name));
      if (name.endsWith('.svg')) expect(bytes.toString()).toMatch(/^<svg[\s\S]*<\/svg>\n$/);
      else expect(sizeOf(bytes)[0]).toBeGreaterThan(600);
    }
  });

  it('are those of its figures, too: drawn ones in both forms, pixels as they are', async () => {
    const pixels = encodePng({ width: 2, height: 1, pixels: Uint8Array.of(0, 0, 0, 255, 255, 255) });
    const base64 = Buffer.from(pixels).toString('base64');
    const figure = { id: 'plan', title: '', description: '' };
    const page = {
      ...{ title: '', summary: [], charts: [], scripts: [], csv: '' },
      numbers: { says: '', table: { columns: [], rows: [] } },
      figures: [
        {
          ...figure,
          pictures: [
            square(markup`<rect width="9" height="9"/>`),
            markup`<img src="data:image/png;base64,${base64}">`,
          ],
        },
        { ...figure, id: 'gone', pictures: [], absent: 'no weights' },
        { ...figure, id: 'one', pictures: [square(markup``)] },
      ],
    };
    const names = await exportPictures(page, at('figures'));
    expect(names.map((name) => name.slice(at('figures').length + 1))).toEqual([
      ...['01-plan-1.svg', '01-plan-1.png', '01-plan-2.png'],
      ...['02-one.svg', '02-one.png'],
    ]);
    expect(Buffer.compare(await readFile(at('figures', '01-plan-2.png')), pixels)).toBe(0);
  });

  it('are refused where a file lies', async () => {
    await writeFile(at('file'), '');
    await expect(runReport({ tables: [at('replay.csv')] }, at('file'))).rejects.toThrow(
      /cannot write results there/,
    );
  });
});

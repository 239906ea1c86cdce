import { join } from 'node:path';
import { writeWhole } from '../files/write-file.ts';
import { chartSvg } from '../report/chart-svg.ts';
import { RUN_TABLE } from '../results/tables.ts';
import { tableCsv } from '../results/write-rows.ts';
import { reproductionCharts } from './reproduction-charts.ts';
import type { Reproduction } from './reproduction-study.ts';
import { APPENDIX, reproductionTexts } from './reproduction-text.ts';

/** Pictures lie here, beside the text. */
const PICTURES = 'reproduction';

/**
 * Writes `reproduction.md`, its appendix and pictures, and `reproduction.csv` with every row into a folder; returns the text
 * of the page.
 */
export async function writeReproduction(
  reproduction: Reproduction,
  folder: string,
  command: string,
): Promise<string> {
  const { studies, curves } = reproduction;
  const charts = reproductionCharts(studies, curves);
  const pictures = charts.map(({ id, title }) => ({ title, file: `${PICTURES}/${id}.svg` }));
  const { page, appendix } = reproductionTexts(reproduction, command, pictures);
  const rows = studies.flatMap((study) => study.rows);
  for (const [i, { spec }] of charts.entries())
    await writeWhole(join(folder, pictures[i]!.file), await chartSvg(spec));
  await writeWhole(join(folder, 'reproduction.csv'), await tableCsv(RUN_TABLE, rows));
  await writeWhole(join(folder, APPENDIX), appendix);
  await writeWhole(join(folder, 'reproduction.md'), page);
  return page;
}

import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { runCharts } from '../../src/report/charts.ts';
import { reportPage, runPage } from '../../src/report/html-report.ts';
import { runSummary } from '../../src/report/run-summary.ts';
import { vegaScripts } from '../../src/report/vega-scripts.ts';
import { parseRows } from '../../src/results/read-rows.ts';
import { RUN_TABLE, type RunRow } from '../../src/results/tables.ts';
import { tableCsv } from '../../src/results/write-rows.ts';
import { runRow } from '../results/rows.ts';

const row = (supply: number, mapping: string, chip: number, accuracy: number): RunRow =>
  runRow({
    ...{ network: 'n400-mnist', dataset: 'mnist', device: 'd', supply_V: supply, mapping, chip, accuracy },
    ...{ accuracy_low: accuracy - 0.01, accuracy_high: accuracy + 0.01, baseline_accuracy: 0.93 },
    ...{ meets_bound: accuracy >= 0.92, accesses: 1000, energy_saving_vs_nominal: 1.35 - supply },
  });
const rows = [
  ...[row(1.35, 'baseline', 1, 0.93), row(1.35, 'baseline', 2, 0.93), row(1.35, 'sparkxd', 1, 0.93)],
  ...[row(1.025, 'baseline', 1, 0.93), row(1.025, 'baseline', 2, 0.88), row(1.025, 'sparkxd', 1, 0.925)],
];

describe('the charts', () => {
  it.each(runCharts(rows).map((chart) => [chart.id, chart] as const))(
    '%s compiles without a warning',
    (_, chart) => {
      const warnings: string[] = [];
      const logger = {
        ...{
          level: () => logger,
          error: (...args: unknown[]) => logger.warn(...args),
          info: () => logger,
          debug: () => logger,
        },
        warn: (...args: unknown[]) => {
          warnings.push(args.join(' '));
          return logger;
        },
      };
      compile(chart.spec as never, { logger: logger as never });
      expect(warnings).toEqual([]);
      expect(chart.description.length).toBeGreaterThan(40);
    },
  );
});

describe('the summary', () => {
  it('names for each mapping the lowest supply at which every chip is within the bound', () => {
    expect(runSummary(rows, 0.01)).toEqual([
      'n400-mnist on mnist: 93.00 % without errors; bound: at most 1.00 points less, on every chip',
      'baseline: within the bound down to 1.35 V, which saves 0.00 % of the DRAM energy per access (core currents only, no pins)',
      '  2 of 2 simulated chips there (95 % interval within the model 16 to 100 %), all with the one curve of voltage_profile: this says nothing of how modules differ (profile voltron-population does)',
      'sparkxd: within the bound down to 1.025 V, which saves 32.50 % of the DRAM energy per access (core currents only, no pins)',
      '  1 of 1 simulated chips there (95 % interval within the model 2 to 100 %), all with the one curve of voltage_profile: this says nothing of how modules differ (profile voltron-population does)',
    ]);
  });

  it('says the range of the saving where --range gave one', () => {
    const lowest = rows.filter(({ mapping, supply_V }) => mapping === 'sparkxd' && supply_V === 1.025);
    const ends = { inference_energy_saving_vs_nominal: 0.4 };
    const priced = lowest.map((row, i) => ({
      ...row,
      ...ends,
      inference_saving_low: 0.2 + i / 100,
      inference_saving_high: 0.5 + i / 100,
    }));
    expect(runSummary(priced, 0.01)[2]).toBe(
      `  of an inference there 40.00 %, from 20.00 to ${50 + lowest.length - 1}.00 % over currents, laws, rails and data pins`,
    );
  });
});

describe('the HTML report', () => {
  const content = {
    ...{ title: 'a <network> & more', summary: ['an answer'], rows, csv: 'a,b\r\n1,2\r\n' },
    ...{ manifest: '{"x": "</script><b>"}', scripts: ['const a = "</script>"; /</g;'] },
  };

  it('is one file that asks nothing of the network', async () => {
    const html = reportPage(runPage({ ...content, scripts: await vegaScripts() }));
    const withoutScripts = html.replaceAll(/<script>[\s\S]*?<\/script>/g, '');
    expect(withoutScripts).not.toMatch(/(src|href)="(?!#|data:)/);
    expect(html.length).toBeLessThan(5_000_000);
    for (const { id, title } of runCharts(rows)) {
      expect(html).toContain(`id="${id}-chart"`);
      expect(html).toContain(title);
    }
  });

  it('lets no content end a script or become markup', () => {
    const html = reportPage(runPage(content));
    expect(html).toContain('a &lt;network&gt; &amp; more');
    expect(html).toContain('const a = "<\\/script>"; /</g;');
    expect(html.match(/<script[ >]/g)!.length).toBe(html.match(/<\/script>/g)!.length);
  });
});

describe('results.csv', () => {
  it('reads back to the rows it was written from', async () => {
    const text = await tableCsv(RUN_TABLE, rows);
    expect(await parseRows(RUN_TABLE, text, 'results.csv')).toEqual(rows);
  });

  it('is refused with its line when it is not what a run writes', async () => {
    const text = await tableCsv(RUN_TABLE, rows);
    const refused = (changed: string) => expect(parseRows(RUN_TABLE, changed, 'r.csv')).rejects;
    await refused(text.replace('supply_V', 'voltage')).toThrow(/columns .*"voltage"\n.*r\.csv:1/);
    await refused('').toThrow(/columns/);
    await refused(text.split('\r\n')[0]!).toThrow(/no results/);
    await refused(`${text}1,2\r\n`).toThrow(/r\.csv/);
  });
});

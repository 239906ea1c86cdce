import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runReport } from '../../src/report/run-report.ts';
import {
  ACTIVITY_TABLE,
  REPLAY_TABLE,
  SIMULATE_TABLE,
  SOURCE_TABLE,
  WAIT_TABLE,
} from '../../src/results/tables.ts';
import { fileColumns, tableCsv, writeRows } from '../../src/results/write-rows.ts';
import { sparkxd } from '../cli/program.ts';
import { cases, FULL, LONG } from '../effort.ts';
import { HOSTILE_NAMES, hostileCsv, hostileManifest, SHOWN_NAMES } from '../report/hostile-names.ts';
import { systemRows } from '../report/system-rows.ts';
import { replayRow, simulateRow } from '../results/rows.ts';
import { hasBrowser, type OpenedPage, openBrowser, openPage } from './open-page.ts';

// A browser starts, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let folder: string;
let browser: Browser;
const at = (...names: string[]): string => join(folder, ...names);

/** Pictures of the pages for people to look at, where this names a folder. */
const looks = process.env['SPARKXD_LOOKS'];
async function look(page: Page, name: string): Promise<void> {
  if (looks !== undefined) await page.screenshot({ path: join(looks, `${name}.png`), fullPage: true });
}

const marksOf = (page: Page, chart: string) =>
  page.locator(`#${chart}-chart svg .mark-symbol.role-mark path`);
const chartsOf = (page: Page) => page.locator('.chart');

// Texts that run in the page, whose objects the types of this project do not know.
/** Numbers everything that the keyboard must reach, and says how much that is. */
const NUMBER_CONTROLS = `(() => {
  const controls = [...document.querySelectorAll('a[href], select, summary, [tabindex="0"]')].filter((it) => it.checkVisibility());
  for (const [i, control] of controls.entries()) control.dataset.control = i;
  return controls.length;
})()`;
/** The number of what has the keyboard; beyond the page's last, none. */
const ACTIVE = `document.activeElement.dataset.control ?? ''`;
/** What reaches beyond the page's right edge. */
const TOO_WIDE = `document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
  .filter((it) => it.getBoundingClientRect().right > innerWidth + 1 && !it.closest('.scroll'))
  .map((it) => it.tagName + ' of ' + it.closest('[id]')?.id)`;
const BEYOND_THE_EDGE = `[...document.querySelectorAll('.chart svg, .chart canvas, .pictures svg')]
  .filter((chart) => chart.getBoundingClientRect().right > innerWidth).length`;

/** What becomes so in time, on a machine that may be busy. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 });

/** How many marks of a chart are faded. */
const faded = (page: Page, chart: string): Promise<number> =>
  marksOf(page, chart).evaluateAll(
    (paths) => paths.filter((path) => Number(path.getAttribute('opacity') ?? 1) < 0.5).length,
  );

describe.skipIf(!hasBrowser())('a report in a browser', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sparkxd-browser-'));
    const run = [
      '--supply',
      '1.35,1.025',
      '--chips',
      '2',
      '--images',
      '40',
      '--inferences',
      '1',
      '--jobs',
      '1',
    ];
    const made = await sparkxd('run', ...run, '--quiet', '--out', at('run'));
    expect(made).toMatchObject({ code: 0 });
    await writeFile(
      at('plan.yaml'),
      'axes:\n  supply: [1.35, 1.1]\n  mapping: [baseline, sparkxd]\n  format: [fp32, int8]\n  images: 40\n  inferences: 1\n',
    );
    expect(
      await sparkxd('sweep', at('plan.yaml'), '--out', at('sweep'), '--quiet', '--jobs', '1'),
    ).toMatchObject({
      code: 0,
    });
    expect(await sparkxd('report', at('sweep'))).toMatchObject({ code: 0 });
    if (looks !== undefined) await mkdir(looks, { recursive: true });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  describe.each(['run', 'sweep'])('of a %s', (kind) => {
    // One script serves both pages: of a sweep only the long tests try what is the same.
    const same = kind === 'run' || LONG;
    let opened: OpenedPage;
    beforeAll(async () => {
      opened = await openPage(browser, at(kind, 'report.html'), { colorScheme: 'light' });
    });
    afterAll(() => opened.page.context().close());

    it('draws every chart, with no error and no request to the network', async () => {
      const { page, faults } = opened;
      const charts = await chartsOf(page).count();
      expect(charts).toBeGreaterThanOrEqual(5);
      const drawn = await chartsOf(page).evaluateAll((all) =>
        all.map((chart) => chart.querySelectorAll('svg.marks path').length),
      );
      expect(drawn.every((marks) => marks > 5)).toBe(true);
      await look(page, `${kind}-light`);
      expect(faults).toEqual([]);
    });

    it('tells what a mark is, under the pointer', async () => {
      const { page } = opened;
      await marksOf(page, 'pareto').first().hover({ force: true });
      await page.waitForSelector('.tip.visible');
      expect(await page.locator('.tip').innerText()).toMatch(/accuracy/);
    });

    it('carries what is picked in one legend to the other charts, and back', async () => {
      const { page, faults } = opened;
      const other = kind === 'run' ? 'voltage' : 'accuracy';
      expect(await faded(page, 'pareto')).toBe(0);
      const legend = page.locator('#pareto-chart svg .role-legend-label text');
      await legend.getByText('sparkxd', { exact: true }).click();
      await eventually(() => faded(page, 'pareto')).toBeGreaterThan(0);
      await eventually(() => faded(page, other)).toBeGreaterThan(0);
      if (kind === 'run') expect(await page.getByLabel('bring out the mapping').inputValue()).toBe('sparkxd');
      // A click beside the marks picks nothing again.
      await page.locator(`#${other}-chart svg.marks`).click({ position: { x: 3, y: 3 } });
      await eventually(() => faded(page, other)).toBe(0);
      await eventually(() => faded(page, 'pareto')).toBe(0);
      expect(faults).toEqual([]);
    });

    it.runIf(FULL)('is worked by the keyboard alone', async () => {
      const { page, faults } = opened;
      const marks = await marksOf(page, 'pareto').count();
      const controls = Number(await page.evaluate(NUMBER_CONTROLS));
      expect(controls).toBeGreaterThan(20);
      const reached = new Set<string>();
      await page.locator('h1').click();
      // Every link, choice, menu, table and download comes in its turn; the browser's own round ends where it began.
      for (let i = 0; i < 2 * controls && reached.size < controls; i++) {
        await page.keyboard.press('Tab');
        const name = String(await page.evaluate(ACTIVE));
        if (name !== '') reached.add(name);
      }
      expect(reached.size).toBe(controls);
      // A choice by keys: the last value of the last select.
      const choice = page.locator('.controls select').last();
      await choice.focus();
      await page.keyboard.press('End');
      if (kind === 'run') await eventually(() => faded(page, 'pareto')).toBeGreaterThan(0);
      else await eventually(() => marksOf(page, 'pareto').count()).toBeLessThan(marks);
      await page.keyboard.press('Home');
      await eventually(() => marksOf(page, 'pareto').count()).toBe(marks);
      expect(faults).toEqual([]);
    });

    it.runIf(same)('has the data of each chart as a table', async () => {
      const { page } = opened;
      const tables = await page.locator('details.data').all();
      expect(tables).toHaveLength(await chartsOf(page).count());
      for (const details of tables) {
        await details.locator('summary').focus();
        await page.keyboard.press('Enter');
        await eventually(() => details.locator('tbody tr').count()).toBeGreaterThan(0);
        expect(await details.locator('th').first().innerText()).toMatch(/^[a-zA-Z_]+/);
        await page.keyboard.press('Enter');
      }
    });

    it.runIf(same && FULL)('follows the reader into the dark', async () => {
      const { page, faults } = opened;
      const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
      const ink = () => page.locator('#pareto-chart svg .role-axis-title text').first().getAttribute('fill');
      expect(await background()).toBe('rgb(255, 255, 255)');
      expect(await ink()).toBe('#1f2328');
      await page.emulateMedia({ colorScheme: 'dark' });
      await eventually(ink).toBe('#e6edf3');
      expect(await background()).toBe('rgb(13, 17, 23)');
      await look(page, `${kind}-dark`);
      // What is picked stays picked in other colours.
      const legend = page.locator('#pareto-chart svg .role-legend-label text');
      await legend.getByText('sparkxd', { exact: true }).click();
      await eventually(() => faded(page, 'pareto')).toBeGreaterThan(0);
      await page.emulateMedia({ colorScheme: 'light' });
      await eventually(ink).toBe('#1f2328');
      await eventually(() => faded(page, 'pareto')).toBeGreaterThan(0);
      await page.locator('#pareto-chart svg.marks').click({ position: { x: 3, y: 3 } });
      await eventually(() => faded(page, 'pareto')).toBe(0);
      expect(faults).toEqual([]);
    });

    it.runIf(FULL)('fits on paper', async () => {
      const { page } = opened;
      const ink = () =>
        page.evaluate(`getComputedStyle(document.querySelector('#pareto-chart .role-axis-title text')).fill`);
      await page.emulateMedia({ colorScheme: 'dark' });
      await eventually(ink).toBe('rgb(230, 237, 243)');
      await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
      // Dark colours are for screens.
      expect(await ink()).toBe('rgb(0, 0, 0)');
      // A4 less the margins of a browser, in CSS pixels.
      await page.setViewportSize({ width: 718, height: 1000 });
      const wide = await page.evaluate(BEYOND_THE_EDGE);
      expect(wide).toBe(0);
      expect(await page.locator('nav').isVisible()).toBe(false);
      const pdf = await page.pdf({ format: 'A4' });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      if (looks !== undefined) await writeFile(join(looks, `${kind}.pdf`), pdf);
      await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
      await page.setViewportSize({ width: 1280, height: 900 });
    });

    it.runIf(FULL)('hands out the results and pictures of the charts', async () => {
      const { page } = opened;
      const saved = async (link: string): Promise<Buffer> => {
        const download = page.waitForEvent('download');
        await page.locator(link).first().click();
        return readFile(await (await download).path());
      };
      expect(await saved('a[download="results.csv"]')).toEqual(await readFile(at(kind, 'results.csv')));
      expect(await saved('a[download="manifest.json"]')).toEqual(await readFile(at(kind, 'manifest.json')));
      await page.locator('#pareto-chart details summary').click();
      expect((await saved('#pareto-chart a[download$=".svg"]')).toString()).toMatch(/^<svg/);
      expect((await saved('#pareto-chart a[download$=".png"]')).subarray(1, 4).toString()).toBe('PNG');
    });
  });

  it.runIf(FULL)(
    'of hostile names runs none of them, breaks no policy, draws every chart and shows the names',
    async () => {
      await mkdir(at('hostile'));
      await writeFile(at('hostile', 'manifest.json'), hostileManifest('sweep'));
      for (let i = 0; i < HOSTILE_NAMES.length; i += cases(6, 2)) {
        await writeFile(at('hostile', 'results.csv'), await hostileCsv(i));
        const [file] = await runReport({ folder: at('hostile') });
        const { page, faults } = await openPage(browser, file!);
        const drawn = await chartsOf(page).evaluateAll((all) =>
          all.map((chart) => chart.querySelectorAll('svg.marks path').length),
        );
        expect(drawn).toHaveLength(6);
        expect(drawn.every((marks) => marks > 5)).toBe(true);
        expect(await page.locator('img').count()).toBe(0);
        const head = await page.locator('header').innerText();
        for (const name of SHOWN_NAMES.slice(i, i + 2)) expect(head).toContain(name.replaceAll('_', '-'));
        await marksOf(page, 'pareto').first().hover({ force: true });
        await page.waitForSelector('.tip.visible');
        const tip = await page.locator('.tip').innerText();
        expect(tip).toContain(SHOWN_NAMES[i + 1]!.replaceAll('_', '-'));
        await look(page, `hostile-${i}`);
        await page.locator('#pareto-chart details summary').click();
        const download = page.waitForEvent('download');
        await page.locator('#pareto-chart a[download$=".svg"]').click();
        expect(await readFile(await (await download).path(), 'utf8')).toMatch(/^<svg/);
        expect(faults).toEqual([]);
        await page.context().close();
      }
    },
  );

  it.runIf(FULL)(
    'of traces of hostile names runs none of them, through the choices and in two widths',
    async () => {
      const names = HOSTILE_NAMES.slice(0, cases(HOSTILE_NAMES.length, 4));
      const rows = names.flatMap((device, i) =>
        [1.35, 1.1].map((supply_V) => ({ ...replayRow({ supply_V }, 1 + i / 10), device, trace: device })),
      );
      const axes = [`axis_${HOSTILE_NAMES[1]}`, `axis_${HOSTILE_NAMES.at(-1)}`];
      const cells = rows.map((row, i) => ({
        ...row,
        [axes[0]!]: row.device,
        [axes[1]!]: HOSTILE_NAMES.at(-1 - (i % 4)),
      }));
      await mkdir(at('traces'));
      const manifest = { ...JSON.parse(hostileManifest('sweep')), plan: { axes: { trace: names } } };
      await writeFile(at('traces', 'manifest.json'), JSON.stringify(manifest));
      await writeFile(
        at('traces', 'results.csv'),
        String(await writeRows('csv', fileColumns(REPLAY_TABLE, axes), cells)),
      );
      const [file] = await runReport({ folder: at('traces') });
      for (const width of [1280, 420]) {
        const { page, faults } = await openPage(browser, file!, { viewport: { width, height: 900 } });
        expect(await page.evaluate(TOO_WIDE), `${width} px`).toEqual([]);
        for (const select of await page.locator('.controls select').all()) {
          const values = await select
            .locator('option')
            .evaluateAll((all) => all.map((one) => one.getAttribute('value')));
          for (const value of values.slice(0, cases(values.length, 4))) await select.selectOption(value);
          await select.selectOption('');
        }
        await eventually(() =>
          page.locator('#explore-chart svg .mark-symbol.role-mark path').count(),
        ).toBeGreaterThan(1);
        expect(await page.locator('img').count()).toBe(0);
        await look(page, `traces-${width}`);
        expect(faults).toEqual([]);
        await page.context().close();
      }
    },
  );

  it('is the same from `run` and from `report`', async () => {
    const made = await readFile(at('run', 'report.html'));
    expect(await sparkxd('report', at('run'))).toMatchObject({ code: 0 });
    expect(Buffer.compare(await readFile(at('run', 'report.html')), made)).toBe(0);
  });

  it.runIf(FULL)('draws a system, whole on a narrow page and in the dark', async () => {
    const { sources, activity, waits, bytes, cores } = systemRows(4, 40);
    const files = [at('system.csv'), at('sources.csv'), at('activity.csv'), at('waits.csv')] as const;
    await writeFile(files[0], await tableCsv(SIMULATE_TABLE, [simulateRow({ bytes, cores })]));
    await writeFile(files[1], await tableCsv(SOURCE_TABLE, sources));
    await writeFile(files[2], await tableCsv(ACTIVITY_TABLE, activity));
    await writeFile(files[3], await tableCsv(WAIT_TABLE, waits));
    const [file] = await runReport({ tables: files });
    const viewport = { width: 420, height: 900 };
    const { page, faults } = await openPage(browser, file!, { colorScheme: 'dark', viewport });
    expect(await page.locator('[id^=system-] .chart').count()).toBe(6);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    const cells = page.locator('#system-waits-chart svg .mark-rect path');
    expect(await cells.count()).toBe(4 * 7);
    await cells.first().hover({ force: true });
    await page.waitForSelector('.tip.visible');
    expect(await page.locator('.tip').innerText()).toMatch(
      /data of\s+core 0\s+share of its waiting \(fraction\)\s+0\.143/,
    );
    await look(page, 'system-dark');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it.runIf(FULL)('of a thousand rows draws its charts as pixels', async () => {
    const rows = Array.from({ length: 1100 }, (_, i) =>
      replayRow({ supply_V: 1 + (i % 90) / 300 }, 1 + (i % 7) / 10),
    );
    const csv = await tableCsv(REPLAY_TABLE, rows);
    await writeFile(at('many.csv'), csv);
    expect(await sparkxd('report', at('many.csv'))).toMatchObject({ code: 0 });
    const { page, faults } = await openPage(browser, at('many.report.html'));
    const charts = await chartsOf(page).count();
    expect(await page.locator('.chart canvas').count()).toBe(charts);
    expect(charts).toBeGreaterThan(1);
    await look(page, 'many');
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

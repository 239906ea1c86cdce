import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/datasets/dataset.ts';
import { InputError } from '../../src/errors/input-error.ts';
import type { KnownAccuracies } from '../../src/experiments/accuracy/classify-held.ts';
import { SILENT } from '../../src/experiments/monitor.ts';
import { runReplay } from '../../src/experiments/replay.ts';
import { openRun } from '../../src/experiments/run.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { modelFiles } from '../../src/inputs/model-files.ts';
import { readDataset } from '../../src/inputs/read-dataset.ts';
import type { RunRow } from '../../src/results/tables.ts';
import { jobOf, type SettingTexts } from '../../src/studio/settings.ts';
import { FULL, LONG } from '../effort.ts';
import { hasBrowser, openBrowser } from '../report-browser/open-page.ts';
import { numbersOf, type OpenStudio, openStudio, serveStudio, settled } from './open-studio.ts';

const ROOT = new URL('../../', import.meta.url);
const fileOf = (path: string): string => fileURLToPath(new URL(path, ROOT));

/** Twenty operating points: each chooser at least once, supplies where many bits, few and none are wrong. */
const SETTINGS: readonly SettingTexts[] = [
  { supply: '1.35' },
  { supply: '1.1' },
  { supply: '1.025' },
  { supply: '1.04' },
  { supply: '1.025', mapping: 'sparkxd' },
  { supply: '1.055', mapping: 'bank-interleaved', chips: '2' },
  { supply: '1.025', mapping: 'respawn' },
  { supply: '1.025', mapping: 'eden', chips: '3' },
  { supply: '1.025', mapping: 'energy-optimal' },
  { supply: '1.025', format: 'int8' },
  { supply: '1.025', format: 'uint4', mapping: 'sparkxd' },
  { supply: '1.025', format: 'fp16', repair: 'clamp' },
  { supply: '1.03', ecc: 'secded' },
  { supply: '1.03', ecc: 'parity', repair: 'silence' },
  { supply: '1.025', repair: 'likeliest', seed: '7' },
  { supply: '1.1', timing: 'stretched' },
  { supply: '1.025', 'error-model': '1' },
  { supply: '1.04', workload: 'event', vote: 'activity' },
  { supply: '1.05', device: 'ddr3l-1600-4gb', profile: 'voltron-b' },
  { supply: '1', device: 'ddr4-2400-8gb', profile: 'sparkxd', mapping: 'sparkxd' },
];

/** CI takes half of them, in which each chooser is at least once; `npm test` two: one with many wrong bits, one behind check bits. */
const OF_CI = [2, 5, 10, 11, 12, 14, 15, 16, 17, 19];
const OF_QUICK = [2, 12];
const TRIED = LONG ? SETTINGS : (FULL ? OF_CI : OF_QUICK).map((i) => SETTINGS[i]!);

const addressOf = (texts: SettingTexts): string => `#${new URLSearchParams({ ...texts })}`;

/** Goes to other settings by the address, as a link of the same page does. */
async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate((hash) => {
    (globalThis as unknown as { location: { hash: string } }).location.hash = hash;
  }, address);
}

const accuracies = new Map<string, KnownAccuracies>();
let mnist: Promise<Dataset> | undefined;

/** The last row of `sparkxd run` of the settings. */
async function rowInNode(texts: SettingTexts): Promise<RunRow> {
  const job = jobOf(texts);
  const shared = `${job.seed} ${job.vote}`;
  const known = accuracies.get(shared) ?? new Map();
  accuracies.set(shared, known);
  mnist ??= readDataset('mnist');
  const { points } = await openRun(job, () => mnist!, known);
  const last = job.chips - 1;
  const [outcome] = await points(1, SILENT, (point) => point === last);
  if (outcome === undefined || !('row' in outcome)) throw new Error('no row');
  return outcome.row;
}

const inTexts = (row: RunRow): Record<string, string> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value === undefined ? '' : String(value)]),
  );

describe.skipIf(!hasBrowser())('the studio in a browser', () => {
  let browser: Browser;
  let server: Server;
  let origin: string;
  let studio: OpenStudio;
  /** Bytes that the page fetched until it showed all of its first settings. */
  let atFirst: number;

  beforeAll(async () => {
    browser = await openBrowser();
    ({ server, origin } = await serveStudio());
    studio = await openStudio(browser, origin);
    atFirst = studio.bytes();
  }, 240_000);
  /** The page of all tests, which takes seconds to open, at the settings of an address. */
  const at = async (address: string): Promise<OpenStudio> => {
    await goTo(studio.page, address);
    await settled(studio.page, address);
    return studio;
  };
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('shows the numbers of the command line to the last digit, at settings of every chooser', async () => {
    const { page, faults } = studio;
    const took: number[] = [];
    for (const texts of TRIED) {
      const address = addressOf(texts);
      // The browser and Node work at the same time.
      const [row] = await Promise.all([rowInNode(texts), at(address)]);
      took.push(Number(await page.getAttribute('.studio', 'data-took')));
      const [found, wanted] = [await numbersOf(page), inTexts(row)];
      expect(found, address).toEqual(wanted);
    }
    // Numbers at an axis that came with the data stand whole in the picture.
    expect(
      await page.evaluate(`[...document.querySelectorAll('.chart svg')].every((svg) =>
        [...svg.querySelectorAll('text')].every((text) => text.getBoundingClientRect().left > svg.getBoundingClientRect().left - 1))`),
    ).toBe(true);
    expect(faults).toEqual([]);
    console.info(`studio: settings to charts in ${took.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  }, 240_000);

  it('is there within 6 MB', async () => {
    const { page, faults } = studio;
    await page.waitForSelector('.chart svg');
    expect(atFirst).toBeGreaterThan(2e6);
    expect(atFirst).toBeLessThan(6e6);
    expect(faults).toEqual([]);
  }, 240_000);

  it.runIf(FULL)(
    'follows the slider, and its address is a link that shows the same',
    async () => {
      const { page, faults } = studio;
      const slider = page.locator('#supply');
      await slider.focus();
      const took: string[] = [];
      for (let moves = 0; moves < (FULL ? 5 : 2); moves++) {
        const before = page.url();
        await page.keyboard.press('ArrowRight');
        await page.waitForURL((url) => url.href !== before);
        await settled(page);
        took.push(
          `${Number(await page.getAttribute('.studio', 'data-took')).toFixed(0)}/${Number(await page.getAttribute('.studio', 'data-first-accuracy')).toFixed(0)}`,
        );
      }
      console.info(`studio: slider to charts/first accuracy in ${took.join(', ')} ms`);
      const { hash } = new URL(page.url());
      expect(hash).toMatch(/supply=1\.0\d+/);
      const linked = await openStudio(browser, origin, hash);
      expect(await numbersOf(linked.page)).toEqual(await numbersOf(page));
      expect(await linked.page.textContent('.command code')).toBe(await page.textContent('.command code'));
      expect([...faults, ...linked.faults]).toEqual([]);
      await linked.page.context().close();
    },
    240_000,
  );

  it.runIf(FULL)(
    'says in words what a link asks for and cannot have',
    async () => {
      const { page, faults } = await at('#supply=1.1');
      for (const [address, words] of [
        ['#supply=0.5', /supply 0.5 V/],
        ['#supply=1.1&device=nonsense', /unknown device "nonsense"/],
        ['#suply=1.1', /unknown setting "suply"\n {2}did you mean supply\?/],
        ['#supply=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E', /volts/],
        ['#supply=1&device=ddr4-2400-8gb', /no bit errors of ddr4 were measured/],
      ] as const) {
        await goTo(page, address);
        await expect.poll(() => page.textContent('[role=alert]'), { timeout: 60_000 }).toMatch(words);
      }
      // A name that no control can take back does not stay when one is used.
      await goTo(page, '#suply=1.2');
      await page.waitForSelector('[role=alert] >> text=suply');
      await page.locator('#supply').focus();
      await page.keyboard.press('ArrowRight');
      await page.waitForSelector('[role=alert]', { state: 'detached' });
      expect(faults).toEqual([]);
    },
    240_000,
  );

  it.runIf(FULL)(
    'has no fault that axe finds, light or dark, wide or narrow',
    async () => {
      const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      const { page, faults } = await at('#supply=1.025');
      await page.evaluate(axe);
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [1280, 420]) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 900 });
          await settled(page);
          const violations = await page.evaluate(async () => {
            const { axe } = globalThis as unknown as {
              axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
            };
            return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`);
          });
          expect(violations, `${colorScheme}, ${width} px`).toEqual([]);
          expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        }
      await page.emulateMedia({ colorScheme: null });
      await page.setViewportSize({ width: 1280, height: 900 });
      expect(faults).toEqual([]);
    },
    240_000,
  );

  it.runIf(FULL)(
    'takes files of the user, and refuses bad ones in the words of the terminal',
    async () => {
      const { page, faults } = await at('#supply=1.1');
      const device = readFileSync(fileOf('hw-models/dram/lpddr3-1600-4gb-sparkxd.yaml'), 'utf8');
      const drop = (name: string, content: string | Buffer) =>
        page.setInputFiles('#own', { name, mimeType: 'text/plain', buffer: Buffer.from(content) });
      const said = (name: string) => page.locator('.own li', { hasText: name });

      await drop('mine.yaml', device);
      await page.waitForSelector('.studio[data-state=settled][data-settings*="device=mine.yaml"]');
      const command = await page.textContent('.command code');
      expect(command).toContain('--device mine.yaml');

      const bad = device.replace(/nominal: .*/, 'nominal: 1.35 bananas');
      expect(bad).not.toBe(device);
      const inNode = await loadDevice('bad.yaml', {
        ...modelFiles,
        read: async (kind, name) =>
          name === 'bad.yaml' ? { text: bad, file: name } : modelFiles.read(kind, name),
      }).catch((error: unknown) => error);
      expect(inNode).toBeInstanceOf(InputError);
      await drop('bad.yaml', bad);
      await said('bad.yaml').waitFor();
      expect(await said('bad.yaml').textContent()).toBe((inNode as InputError).message);
      expect((inNode as InputError).message).toMatch(/bad\.yaml:\d+:\d+/);

      await drop('cells.csv', 'bank,row,bit,failure_voltage_V\n0,0,5,1.2\n0,zero,6,1.2\n');
      await said('cells.csv:3').waitFor();
      await drop('cells.csv', 'bank,row,bit,failure_voltage_V\n0,0,5,1.2\n0,0,6,1.2\n');
      await page.waitForSelector('.studio[data-state=settled][data-settings*="weak-cells=cells.csv"]');
      expect((await numbersOf(page))['flipped_bits']).toBe('2');

      await drop('broken.safetensors', 'no tensors');
      await said('broken.safetensors').waitFor();
      const hostile = '<img src=x onerror=alert(1)>.yaml';
      await drop(hostile, 'a: [');
      await said('onerror').waitFor();
      expect(await said('onerror').textContent()).toContain('<img src=x onerror=alert(1)>.yaml');
      expect(faults).toEqual([]);
    },
    240_000,
  );

  it.runIf(FULL)(
    'replays a trace and steps through its first commands',
    async () => {
      const { page, faults } = await at('#supply=1.1');
      const trace = fileOf('traces/n400-mnist-event.sxt');
      await page.setInputFiles('#own', trace);
      await page.waitForSelector('.steps', { timeout: 30_000 });
      const outcome = await runReplay({
        trace,
        device: 'lpddr3-1600-4gb-sparkxd',
        supplies: [1.1],
        timing: 'paper',
        noAccuracy: true,
      });
      const [row] = outcome.rows;
      const card = page.locator('.card', { has: page.locator('.steps') });
      expect((await card.locator('p').first().textContent())?.replace(/\s/g, '')).toContain(
        `${row!.cycles}cycles`,
      );
      await card.getByRole('button', { name: 'Next' }).click();
      expect(await card.locator('fieldset p').textContent()).toMatch(
        /RD to bank .*It waited for tRCD \(18 cycles\) since ACT at cycle \d+\./,
      );
      expect(faults).toEqual([]);
    },
    240_000,
  );
});

import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chartSvg } from '../../src/report/chart-svg.ts';
import { runReport } from '../../src/report/run-report.ts';
import { createShownNames } from '../../src/report/shown-names.ts';
import { svgPng } from '../../src/report/svg-png.ts';
import { sweepCharts } from '../../src/report/sweep-charts.ts';
import { type SweepRow, sweepGroups } from '../../src/report/sweep-groups.ts';
import { REPLAY_TABLE } from '../../src/results/tables.ts';
import { fileColumns, writeRows } from '../../src/results/write-rows.ts';
import { FULL, LONG } from '../effort.ts';
import { replayRow } from '../results/rows.ts';
import { HOSTILE_NAMES, hostileCsv, hostileManifest, hostileRows, SHOWN_NAMES } from './hostile-names.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-hostile-'));
});
afterAll(() => rm(folder, { recursive: true }));

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** The page without its scripts and style sheet, which are the program's own. */
const contentsOf = (html: string): string => html.replaceAll(/<(script|style)[ >][\s\S]*?<\/\1>/g, '');

/** Elements of a page that this program never writes: pictures from elsewhere, handlers of events, unended ones. */
function strangers(html: string): string[] {
  const elements =
    contentsOf(html)
      .replaceAll(/="[^"]*"/g, '=')
      .match(/<[^>]*>?/g) ?? [];
  return elements.filter(
    (element) => !/^<[/!]?[a-zA-Z0-9]+(\s[^<>]*)?\/?>$/.test(element) || /^<img|\son\w+=/i.test(element),
  );
}

async function sweepPage(first: number): Promise<string> {
  await writeFile(join(folder, 'results.csv'), await hostileCsv(first));
  await writeFile(join(folder, 'manifest.json'), hostileManifest('sweep'));
  return readFile((await runReport({ folder }))[0]!, 'utf8');
}

const NAMES = HOSTILE_NAMES.map((name, i) => [name.slice(0, 30), i] as const);

describe('names of a file that would be markup or code', () => {
  // Each page has six of the names.
  it.each(NAMES.filter((_, i) => FULL || i % 2 === 0))('are text in a page: %s', async (_, i) => {
    const html = await sweepPage(i);
    expect(strangers(html)).toEqual([]);
    // Vega, Vega-Lite and vega-embed, the page's own, and the data, which is none.
    expect(html.match(/<script[ >]/gi)).toHaveLength(5);
    expect(html.match(/<\/script/gi)).toHaveLength(5);
    expect(html).not.toContain('<!--');
    expect(contentsOf(html)).toContain(escaped(SHOWN_NAMES[i]!.replaceAll('_', '-')));
  });

  // Each chart has six of the names, from the first one on; the rest is seen in the long tests.
  it.each(NAMES.filter((_, i) => LONG || i % (FULL ? 3 : NAMES.length) === 0))(
    'are text in charts: %s',
    async (_, i) => {
      const charts = sweepCharts(sweepGroups(hostileRows(i).rows as SweepRow[]));
      expect(charts).toHaveLength(6);
      for (const { id, spec } of FULL ? charts : charts.slice(0, 2)) {
        const svg = await chartSvg(spec);
        expect(strangers(svg)).toEqual([]);
        expect(svg.match(/aria-roledescription="(point|bar)"/g)?.length, id).toBeGreaterThan(1);
        // A picture that is no XML is refused here.
        expect((await svgPng(svg)).length).toBeGreaterThan(1000);
      }
    },
  );

  it('are columns of the table where a user added them to a file of replays', async () => {
    const columns = fileColumns(REPLAY_TABLE, HOSTILE_NAMES);
    const row = { ...replayRow({}), ...Object.fromEntries(HOSTILE_NAMES.map((name) => [name, name])) };
    const file = join(folder, 'replays.csv');
    await writeFile(file, await writeRows('csv', columns, [row]));
    const html = await readFile((await runReport({ tables: [file] }))[0]!, 'utf8');
    expect(strangers(html)).toEqual([]);
    for (const name of SHOWN_NAMES) expect(html).toContain(`>${escaped(name)}</th>`);
  });
});

describe('a page', () => {
  it('has a policy with the hash of each of its scripts and its style sheet, and no other source', async () => {
    const html = await sweepPage(0);
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)!;
    const hashes = (tag: string): string[] =>
      [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map(
        ([, text]) => `'sha256-${createHash('sha256').update(text!).digest('base64')}'`,
      );
    expect(hashes('script')).toHaveLength(4);
    expect(policy!.replaceAll('&#39;', "'").split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hashes('script').join(' ')}`,
      `style-src ${hashes('style').join(' ')}`,
      ...['img-src data:', "base-uri 'none'", "form-action 'none'"],
    ]);
    expect(policy).not.toContain('unsafe');
    expect(html.indexOf(policy!)).toBeLessThan(html.indexOf('<style'));
    expect(contentsOf(html)).not.toMatch(/<[^>]* style="/);
  });

  it('cuts the long names of a manifest', async () => {
    const html = await sweepPage(0);
    // The whole name is under the pointer.
    expect(html).toContain(`<td title="${HOSTILE_NAMES.at(-1)}">${SHOWN_NAMES.at(-1)}</td>`);
    expect(html).not.toContain(`<td>${HOSTILE_NAMES.at(-1)}</td><td>${HOSTILE_NAMES.at(-1)}</td>`);
  });

  it('has scripts that no result changes', async () => {
    const scripts = (html: string) => html.match(/<script>[\s\S]*?<\/script>/g);
    expect(scripts(await sweepPage(0))).toEqual(scripts(await sweepPage(5)));
  });
});

describe('names that are cut', () => {
  it('stay apart', () => {
    const shown = createShownNames();
    const long = (middle: string): string => `${'a'.repeat(100)}${middle}${'b'.repeat(100)}`;
    const [one, two] = [shown(long('1')), shown(long('2'))];
    expect(one).toHaveLength(60);
    expect(two).toBe(`${one} (2)`);
    expect(shown(long('1'))).toBe(one);
    expect(shown('sparkxd')).toBe('sparkxd');
  });
});

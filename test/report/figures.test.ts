import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandTimelineSvg, type TimedCommand } from '../../src/report/command-timeline.ts';
import { configurationTable } from '../../src/report/configuration-table.ts';
import { fieldsFigure } from '../../src/report/fields-figure.ts';
import { figureSection } from '../../src/report/figure.ts';
import { placementPlanSvg } from '../../src/report/floor-plan.ts';
import { markup, markupText } from '../../src/report/markup.ts';
import { firstNeurons } from '../../src/report/receptive-fields.ts';

const count = (text: string, part: RegExp): number => text.match(part)?.length ?? 0;

describe('the command timeline', () => {
  const at = (cycle: number, command: string, bank: number, row = 0, channel = 0): TimedCommand => ({
    ...{ cycle, command, bank, row, channel },
    rank: 0,
  });
  const commands = [
    ...[at(0, 'ACT', 1, 7), at(15, 'RD', 1), at(19, 'RD', 1), at(30, 'PRE', 1)],
    ...[at(40, 'PREA', -1), at(60, 'REFab', -1), at(90, 'SASEL', 3, 2)],
  ];
  const options = { title: 'a <window>', cycles: 100, clock: 800, width: 2000 };
  const svg = markupText(commandTimelineSvg(commands, options));

  it('has a lane for each bank that is named, and time in cycles and nanoseconds', () => {
    expect([...svg.matchAll(/>bank (\d)</g)].map(([, bank]) => bank)).toEqual(['1', '3']);
    expect(svg).toContain('>100<');
    expect(svg).toContain('>125 ns<');
  });

  it('names activations with their row, and draws bursts as strokes of one path', () => {
    expect(svg).toContain('<title>cycle 0: ACT, row 7</title>');
    expect(svg).toContain('<title>cycle 30: PRE</title>');
    expect(svg).toContain('<title>cycle 60: REFab, rank 0</title>');
    expect(svg).toContain('<title>cycle 90: SASEL</title>');
    expect(count(svg, /v8/g)).toBe(2);
    expect(svg).toContain('<title>a &lt;window&gt;</title>');
    expect(svg).toContain(
      '<desc>7 commands by bank over 100 cycles: 1 ACT, 2 RD, 2 PRE, 1 REF, 1 other.</desc>',
    );
  });

  it('names channels where there are several', () => {
    const several = commandTimelineSvg([at(0, 'ACT', 0), at(0, 'ACT', 0, 0, 1)], options);
    expect(markupText(several)).toContain('>1.0.0<');
  });

  it('draws every command once, inside the picture', () => {
    const command = fc.record({
      cycle: fc.integer({ min: 0, max: 5000 }),
      command: fc.constantFrom('ACT', 'PRE', 'RD', 'WR', 'REFab', 'PDE'),
      channel: fc.integer({ min: 0, max: 1 }),
      rank: fc.integer({ min: 0, max: 1 }),
      bank: fc.integer({ min: -1, max: 7 }),
      row: fc.nat(100),
    });
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 40 }), (drawn) => {
        const picture = markupText(
          commandTimelineSvg(drawn, { title: 't', cycles: 5000, clock: 1200, width: 688 }),
        );
        expect(count(picture, /<title>cycle /g) + count(picture, /v8/g)).toBe(drawn.length);
        expect(picture).not.toMatch(/NaN|undefined|Infinity/);
        for (const [, x] of picture.matchAll(/M(-?[\d.]+) /g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x)).toBeLessThanOrEqual(2000);
        }
      }),
      { seed: 3, numRuns: 50 },
    );
  });
});

describe('the floor plan of a placement', () => {
  it('outlines the subarrays that hold weights, and says how many bytes', () => {
    const tile = (subarray: number, ber: number, placedBytes: number) => ({
      ...{ channel: 0, rank: 0, bank: 0, subarray, ber, placedBytes },
    });
    const svg = markupText(placementPlanSvg([tile(0, 1e-3, 0), tile(1, 0, 5000), tile(2, 1e-5, 1)], 'a & b'));
    expect(count(svg, /stroke="#d4145a"/g)).toBe(2);
    expect(svg).toContain('subarray 1: bit error rate 0; holds 5,000 bytes of weights');
    expect(svg).toContain('subarray 0: bit error rate 1.00e-3<');
    expect(svg).toContain('<title>a &amp; b</title>');
    expect(svg).toContain('the 2 outlined of 3 hold weights');
  });
});

describe('receptive fields in a report', () => {
  it('are PNG pictures inside the page: as trained, and one a mapping', () => {
    const size = { imageRows: 2, imageColumns: 2, neurons: 40 };
    const weights = Float32Array.from({ length: 4 * 40 }, (_, i) => i / 160);
    const network = { ...size, weights } as unknown as Parameters<typeof fieldsFigure>[1];
    const heading = { id: 'f', title: 'F', description: 'fields' };
    const held = [{ mapping: '<m>', weights, flippedBits: 1234 }];
    const pictures = fieldsFigure(heading, network, held, '1.1 V').pictures.map(markupText);
    expect(pictures).toHaveLength(2);
    expect(pictures[0]).toContain('36 of 40 neurons as trained');
    expect(pictures[1]).toContain('1.1 V, mapping &lt;m&gt;: 1,234 bits flipped in all');
    expect(
      Buffer.from(/base64,([^"]+)/.exec(pictures[0]!)![1]!, 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    expect([...firstNeurons(size, weights, 1)]).toEqual([0, 40, 80, 120].map((i) => weights[i]));
  });
});

describe('a section of pictures', () => {
  it('says why it is empty instead of its pictures', () => {
    const heading = { id: 'x', title: 'X', description: 'words' };
    const html = markupText(figureSection({ ...heading, pictures: [], absent: 'no <file>' }));
    expect(html).toContain('Not in this report: no &lt;file&gt;');
    expect(html).not.toContain('<figure');
    const drawn = figureSection({ ...heading, pictures: [markup`<svg/>`] });
    expect(markupText(drawn)).toContain('<svg/>');
  });
});

describe('the table of the configuration', () => {
  const manifest = {
    ...{ program: 'sparkxd', version: '1.2.3', git_revision: null, command: 'run' },
    configuration: { weights: 'a<b', supplies: [1.35, 1.1], seed: 7, nested: { a: [1] } },
    inputs: { weights: 'abc' },
  };
  const table = markupText(configurationTable(JSON.stringify(manifest)));

  it('has program, seeds, settings and inputs, in this order', () => {
    const groups = [...table.matchAll(/<th[^>]*>([^<]*)/g)].map(([, name]) => name);
    expect(groups).toEqual(['program', 'seeds', 'settings', 'inputs (SHA-256)']);
    expect(table).toContain('<td>seed</td><td>7</td>');
    expect(table).toContain('<td>supplies</td><td>1.35, 1.1</td>');
    expect(table).toContain('<td>weights</td><td>a&lt;b</td>');
    expect(table).toContain('not run from a checkout');
    expect(table).toContain('{&quot;a&quot;:[1]}');
  });

  it('leaves out groups and entries without a value', () => {
    const html = markupText(configurationTable('{"version": "1"}'));
    expect(html).not.toContain('seeds');
    expect(html).not.toContain('revision');
  });

  it('has the axes of a sweep, its seeds apart', () => {
    const plan = { axes: { supply: [1.35, 1.1], seed: [1, 2] }, exclude: [] };
    const html = markupText(
      configurationTable(JSON.stringify({ command: 'sweep', fingerprint: 'f1', plan })),
    );
    expect(html).toContain('<td>fingerprint</td><td>f1</td>');
    expect(html).toContain('<td>supply</td><td>1.35, 1.1</td>');
    expect(html.indexOf('<td>seed</td><td>1, 2</td>')).toBeLessThan(html.indexOf('<td>supply</td>'));
  });
});

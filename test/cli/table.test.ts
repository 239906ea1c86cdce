import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { replayTable } from '../../src/cli/commands/replay.ts';
import { powerTable } from '../../src/cli/power-table.ts';
import { rangeTable } from '../../src/cli/range-table.ts';
import { runTable } from '../../src/cli/run-table.ts';
import { type Column, formatTable, label, number, quantity } from '../../src/cli/table.ts';
import * as columns from '../../src/cli/table-columns.ts';
import { runPower } from '../../src/experiments/power.ts';
import { replayRow, runRow } from '../results/rows.ts';

/** Every table of the program by its name; tables whose columns depend on the data with all that they can have. */
const MADE: Readonly<Record<string, readonly Column[]>> = {
  circuitCurve: columns.circuitCurve(1.35),
  energyTerms: columns.energyTerms([
    { name: 'VDD1', volts: 1.8 },
    { name: 'VDD2', volts: undefined },
  ]),
  energyBySupply: columns.energyBySupply(true, ['gem5', 'drampower']),
  waterfallTerms: columns.waterfallTerms('access'),
  dataEnergies: columns.dataEnergies(['A', 'B', 'C']),
  savingCases: columns.savingCases(['linear', 'exponent 2.3']),
  speedPresets: columns.speedPresets(['rate', 'nRCD']),
  supplyEffects: columns.supplyEffects(true, 'modules'),
};
const tables = Object.entries(columns).map(([name, table]): [string, readonly Column[]] => [
  name,
  typeof table === 'function' ? MADE[name]! : table,
]);

describe.each(tables)('the table %s', (_name, table) => {
  it('has each heading once, in words that stand alone', () => {
    const headings = table.map(({ heading }) => heading);
    expect(new Set(headings).size).toBe(headings.length);
    for (const heading of headings) {
      expect(heading.length).toBeGreaterThan(2);
      expect(heading).not.toMatch(/\b(and|of|the)\b/i);
      expect(heading).not.toMatch(/^(and|of|the|what|where|with|from|between|after|before|comes)\b/i);
    }
  });

  it('has a unit for each quantity, once', () => {
    for (const { heading, kind, unit } of table) {
      expect(kind === 'quantity' ? unit : (unit ?? 'none')).toMatch(/./);
      if (unit !== undefined) expect(heading.replace('95 % interval', '').split(' ')).not.toContain(unit);
      if (kind === 'number') expect(unit).toBeUndefined();
    }
  });
});

it('is the only place with headings', () => {
  const folder = join(import.meta.dirname, '../../src/cli');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const others = files.filter((file) => !/^table(-columns)?\.ts$/.test(file));
  expect(others.length).toBeGreaterThan(30);
  for (const file of others) expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(/\bheading:|'─/);
});

describe('a table', () => {
  it('prints headings, then units, then cells', () => {
    expect(
      formatTable([label('rail'), number('bank'), quantity('energy', 'pJ')], [['VDD', '3', '1.50']]),
    ).toBe('rail  bank  energy\n                pJ\n──────────────────\nVDD      3    1.50\n');
  });

  it('takes two lines for long headings where one line would be too wide', () => {
    const wide = Array.from({ length: 8 }, (_, i) => quantity(`energy of a row conflict ${i}`, 'pJ'));
    const [first, second, units] = formatTable(wide, [wide.map(() => '1')]).split('\n');
    expect(first!.trim()).toMatch(/^energy of a( +energy of a)+$/);
    expect(second!.trim()).toMatch(/^row conflict 0 +row conflict 1/);
    expect(units!.trim()).toMatch(/^pJ( +pJ)+$/);
    expect(first!.length).toBeLessThan(140);
  });

  it('prints as many rows as a large sweep has', () => {
    const rows = Array.from({ length: 150_000 }, (_, i) => [String(i)]);
    expect(formatTable([number('point')], rows).split('\n').length).toBe(150_003);
  });

  it('of results says what an access is', async () => {
    expect(runTable([runRow({ bandwidth_GBps: 6.4, time_ns: 10, accesses: 2 })])).toContain(
      'An access is one burst of 32 bytes.',
    );
    const replayed = { metadata: {}, rows: [replayRow({ access_bytes: 64 })], hashes: [] };
    expect(replayTable({ ...replayed, effects: [{ voltage: 0, timing: 0 }] })).toContain(
      'An access is one burst of 64 bytes.',
    );
    const commands = fileURLToPath(
      new URL('../goldens/drampower41/LPDDR3-1600.B_act_8rd_pre.trace', import.meta.url),
    );
    const supplies = [1.35, 1.025];
    const power = powerTable(await runPower({ commands, device: 'lpddr3-1600-4gb-sparkxd', supplies }));
    expect(power).toContain('An access is one burst of 32 bytes: an RD or a WR.');
    expect(power).toContain('\n† quoted from memory of the paper; not checked against it\n');
  });

  it('of savings says what these hold', async () => {
    const pinned = { data_pins: '1.8 pF at 1.2 V' };
    const words = 'with pins: 1.8 pF at 1.2 V, unscaled';
    expect(runTable([runRow({})])).toContain('Energies and savings: core currents only, no pins.\n');
    expect(runTable([runRow(pinned)])).toContain(`Energies and savings: ${words}.\n`);
    const replayed = { metadata: {}, hashes: [], effects: [{ voltage: 0, timing: 0 }] };
    expect(replayTable({ ...replayed, rows: [replayRow(pinned)] })).toContain(`its timing: ${words}.\n`);
    expect(replayTable({ ...replayed, rows: [replayRow({})] })).toContain(
      'its timing: core currents only, no pins.\n',
    );
  });

  it('of ranges shows the laws side by side, and each outcome of several chips once', () => {
    const of = (law: string, pins: string, saving: number) => ({
      ...{ currents: 'own', law, rails: 'a-device', pins, saving },
    });
    const cases = [
      ...[of('linear', 'none', 0.2), of('quadratic', 'none', 0.4)],
      ...[of('linear', '2 pF at 1 V', 0.1), of('quadratic', '2 pF at 1 V', 0.3)],
    ];
    const left = [{ rails: 'a-device', currents: 'poor', why: 'it gives no IDD0' }];
    const range = { low: 0.1, high: 0.4, cases, left };
    const row = replayRow({ supply_V: 1.1, energy_saving_vs_nominal: 0.4 });
    const table = rangeTable([row, row], [range, range]);
    expect(table).toContain(
      '1.100 V: saving 40.00 % (data pins none), from 10.00 to 40.00 % over 4 ways to price it\n',
    );
    const lines = table.split('\n').filter((line) => line.includes(' own '));
    expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['1.100', 'a-device', 'own', 'none', '20.00', '40.00'],
      ['1.100', 'a-device', 'own', '2 pF at 1 V', '10.00', '30.00'],
    ]);
    expect(table).toContain('left out: currents poor of a-device: it gives no IDD0\n');
    expect(rangeTable([row], [])).toBe('');
  });
});

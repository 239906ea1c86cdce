import { RUN_TABLE } from '../../src/results/tables.ts';
import { fileColumns, type Row, writeRows } from '../../src/results/write-rows.ts';
import { runRow } from '../results/rows.ts';

/** Names that would be markup, code, paths or keys wherever a page took them for more than text. */
export const HOSTILE_NAMES = [
  '<img src=x onerror=alert(2)>',
  '<script>alert(1)</script>',
  `a'b]\\"c`,
  'x" onmouseover="alert(3)" y="',
  '</script><!-- <script>alert(4)//',
  'a.b[0]',
  "'] + alert(5) + datum['",
  'ends in \\',
  '\\" + alert(6) + "',
  'constructor',
  '__proto__',
  'image',
  'line\u2028end\u0007\u202etxt',
  `long-${'x'.repeat(300)}-end`,
] as const;

/** How a page shows one of them. */
export const SHOWN_NAMES: readonly string[] = [
  ...HOSTILE_NAMES.slice(0, 12),
  'line\\u2028end\\x07\\u202etxt',
  `long-${'x'.repeat(30)}...${'x'.repeat(18)}-end`,
];

/** A merged sweep of 16 points with two of these names as axes, whose values are such names, too. */
export function hostileRows(first: number): { rows: Row[]; axes: string[] } {
  const name = (i: number): string => HOSTILE_NAMES[(first + i) % HOSTILE_NAMES.length]!;
  const axes = [`axis_${name(0)}`, `axis_${name(1)}`];
  const rows = [0, 1, 2, 3].flatMap((i) =>
    [0, 1].map((j) => ({
      ...runRow({
        ...{ supply_V: 1.35 - i / 10, network: name(2), dataset: name(3), mapping: name(4), device: name(5) },
        ...{ accesses: 1000, row_misses: 5, row_conflicts: 2, accuracy: 0.9 - i / 100 },
        dram_energy_per_inference_nJ: 100 - 10 * i - j,
      }),
      [axes[0]!]: name(i),
      [axes[1]!]: name(4 + j),
    })),
  );
  return { rows, axes };
}

/** The same as results.csv. */
export async function hostileCsv(first: number): Promise<string> {
  const { rows, axes } = hostileRows(first);
  return String(await writeRows('csv', fileColumns(RUN_TABLE, axes), rows));
}

/** A manifest all of whose names and values are hostile. */
export const hostileManifest = (command: string): string =>
  JSON.stringify({
    ...{ command, version: HOSTILE_NAMES[0], git_revision: HOSTILE_NAMES[1] },
    configuration: Object.fromEntries(HOSTILE_NAMES.map((name) => [name, name])),
    inputs: Object.fromEntries(HOSTILE_NAMES.map((name) => [name, [name]])),
  });

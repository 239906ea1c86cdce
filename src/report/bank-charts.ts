import type { BankRow } from '../results/tables.ts';
import { type Chart, SCHEMA, tooltip, WIDTH } from './chart-parts.ts';
import type { Figure } from './figure.ts';
import { chipName } from './replay-rows.ts';

/** The counts by bank that one file holds, and what charts call them. */
export interface BankFile {
  readonly name: string;
  readonly rows: readonly BankRow[];
}

/** Chips (of a file) that are drawn: a part of the picture for each. */
const MOST_PARTS = 12;
const MOST_COLUMNS = 3;
/** Between two parts of a picture, pixels. */
const SPACING = 20;

/** Charts of wrong reads by bank and subarray at the lowest supply of the counts, or why there are none. */
export function bankCharts(files: readonly BankFile[]): { charts: Chart[]; absent?: Figure } {
  const all = files.flatMap(({ name, rows }) => rows.map((row) => ({ ...row, file: name })));
  if (all.length === 0)
    return absent(
      'the counts of the banks were not given. sparkxd replay ... --bank-csv banks.csv writes them, and sparkxd report replay.csv banks.csv draws them',
    );
  const lowest = all.reduce((least, { supply_V }) => Math.min(least, supply_V), all[0]!.supply_V);
  const rows = all.filter(({ supply_V }) => supply_V === lowest);
  if (rows.some(({ reads_wrong }) => reads_wrong === undefined))
    return absent(
      'the counts of the banks do not say which reads were wrong: replay was given no voltage profile',
    );
  if (rows.every(({ reads_wrong }) => reads_wrong === 0))
    return absent(`no read came back wrong at ${lowest} V, the lowest supply of the counts`);

  const placed = (row: (typeof rows)[number]) => row.channel > 0 || row.rank > 0;
  const fullNames = rows.some(placed);
  const values = rows.map((row) => ({
    part: files.length > 1 ? `${row.file}, ${chipName(row.chip)}` : chipName(row.chip),
    bank: fullNames ? `${row.channel}/${row.rank}/${row.bank}` : row.bank,
    subarray: row.subarray,
    reads_wrong: row.reads_wrong!,
    bits_wrong: row.bits_wrong!,
    accesses: row.accesses,
  }));
  const parts = [...new Set(values.map(({ part }) => part))];
  const drawn = parts.slice(0, MOST_PARTS);
  const shown = values.filter(({ part }) => drawn.includes(part));
  const picture: Picture = {
    parts: drawn.length,
    bankTitle: fullNames ? 'channel/rank/bank' : 'bank',
    says: `at ${lowest} V, the lowest supply of the counts, ${drawn.length < parts.length ? `of the first ${drawn.length} of ${parts.length} chips` : 'of each chip'}`,
  };
  const banks = shown.filter(({ subarray }) => subarray === undefined);
  const subarrays = shown.filter(({ subarray }) => subarray !== undefined);
  const map = new Set(subarrays.map(({ bank, subarray }) => `${bank} ${subarray}`)).size > 1;
  return {
    charts: [
      barsOfBanks(
        banks.map(({ subarray: _, ...bank }) => bank),
        picture,
      ),
      ...(map
        ? [
            mapOfSubarrays(
              subarrays.map((row) => ({ ...row, subarray: row.subarray! })),
              banks,
              picture,
            ),
          ]
        : []),
    ],
  };
}

const absent = (why: string) => ({
  charts: [],
  absent: { id: 'banks', title: 'Wrong reads by bank', description: '', pictures: [], absent: why },
});

interface Picture {
  readonly parts: number;
  readonly bankTitle: string;
  /** Of what it is, in words. */
  readonly says: string;
}

interface BankCell {
  readonly part: string;
  readonly bank: string | number;
  readonly reads_wrong: number;
  readonly bits_wrong: number;
  readonly accesses: number;
}

/** Parts beside each other: at most three, and as many in each row where that can be. */
const columnsOf = (parts: number): number =>
  parts <= MOST_COLUMNS ? parts : parts % MOST_COLUMNS !== 0 && parts % 2 === 0 ? 2 : MOST_COLUMNS;

const partWidth = (parts: number): number => {
  const columns = columnsOf(parts);
  return Math.floor((WIDTH - (columns - 1) * SPACING) / columns);
};

/** A part of the picture for each chip; its name is above it where there are several. */
const facet = ({ parts }: Picture) => ({
  facet: {
    field: 'part',
    type: 'nominal',
    sort: null,
    title: null,
    columns: columnsOf(parts),
    spacing: SPACING,
    ...(parts === 1 ? { header: { labels: false } } : {}),
  },
});

const cellTooltip = (bankTitle: string, more: Readonly<Record<string, readonly [string, string?]>> = {}) =>
  tooltip({
    part: ['chip'],
    bank: [bankTitle],
    ...more,
    reads_wrong: ['wrong reads', ','],
    bits_wrong: ['wrong bits read', ','],
    accesses: ['accesses', ','],
  });

function barsOfBanks(values: readonly BankCell[], picture: Picture): Chart {
  const { parts, bankTitle, says } = picture;
  const description = `Reads of which DRAM gave back at least one bit wrong, by bank, ${says}.`;
  return {
    id: 'banks',
    title: 'Wrong reads by bank',
    description,
    headings: { part: 'chip', bank: bankTitle },
    spec: {
      $schema: SCHEMA,
      description,
      data: { values },
      width: partWidth(parts),
      height: 140,
      mark: 'bar',
      encoding: {
        ...facet(picture),
        x: {
          field: 'bank',
          type: 'ordinal',
          title: bankTitle,
          sort: null,
          axis: { labelAngle: 0, labelOverlap: true },
        },
        y: { field: 'reads_wrong', type: 'quantitative', title: 'wrong reads', axis: { format: '~s' } },
        tooltip: cellTooltip(bankTitle),
      },
    },
  };
}

interface SubarrayCell extends BankCell {
  readonly subarray: number;
}

function mapOfSubarrays(
  values: readonly SubarrayCell[],
  banks: readonly BankCell[],
  picture: Picture,
): Chart {
  const { parts, bankTitle, says } = picture;
  const description = `The same by subarray, ${says}. Grey subarrays were accessed without a wrong read; where nothing is drawn, nothing was accessed.`;
  const last = values.reduce((most, { subarray }) => Math.max(most, subarray), 0);
  const cell = { type: 'ordinal', axis: { labelAngle: 0, labelOverlap: true, ticks: false } };
  const bankNames = [...new Set(banks.map(({ bank }) => bank))];
  return {
    id: 'subarrays',
    title: 'Wrong reads by subarray',
    description,
    headings: { part: 'chip', bank: bankTitle },
    spec: {
      $schema: SCHEMA,
      description,
      data: { values },
      width: partWidth(parts),
      height: Math.min(400, Math.max(120, bankNames.length * 15)),
      mark: { type: 'rect', stroke: null },
      encoding: {
        ...facet(picture),
        x: {
          ...cell,
          field: 'subarray',
          title: 'subarray',
          scale: { domain: Array.from({ length: last + 1 }, (_, i) => i) },
        },
        y: { ...cell, field: 'bank', title: bankTitle, scale: { domain: bankNames } },
        color: {
          condition: { test: 'datum.reads_wrong === 0', value: '#888888' },
          field: 'reads_wrong',
          type: 'quantitative',
          title: 'wrong reads',
          scale: { scheme: 'viridis', domainMin: 0 },
          legend: { format: '~s' },
        },
        fillOpacity: { condition: { test: 'datum.reads_wrong === 0', value: 0.3 }, value: 1 },
        tooltip: cellTooltip(bankTitle, { subarray: ['subarray', 'd'] }),
      },
    },
  };
}

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { layoutSource } from '../../scripts/assembly-layout.mjs';
import { compileAssembly } from '../../scripts/compile-assembly.mjs';
import { offsetsOf, type SharedLayout, sizeOf } from '../../src/bytes/shared-layout.ts';
import { CORE_LAYOUT } from '../../src/dram/core/layout-table.ts';
import { FULL, randomCases } from '../effort.ts';
import { channels } from './random-channel.ts';
import { runsOf } from './run-core.ts';

const ASSEMBLY = fileURLToPath(new URL('../../src/dram/core/assembly/', import.meta.url));
const { constants, codes, records } = CORE_LAYOUT;

/** The core compiled with a table; as it is written, for optimising it takes longer than running it here. */
const compiledWith = (layout: SharedLayout): Promise<Uint8Array> =>
  compileAssembly(
    'index.ts',
    async (name) =>
      name === 'layout.ts'
        ? layoutSource(layout, 'a test')
        : readFile(ASSEMBLY + name, 'utf8').catch(() => null),
    '-O0',
  );

/** What the host, with a table, gets from a core: every command, and the statistics. */
async function outcome(layout: SharedLayout, binary: Uint8Array): Promise<unknown[]> {
  vi.resetModules();
  vi.doMock('../../src/dram/core/layout-table.ts', () => ({ CORE_LAYOUT: layout }));
  const { createController } = await import('../../src/dram/controller.ts');
  const { openCoreOf } = await import('../../src/dram/core/open-core.ts');
  const { ISSUED_COMMANDS } = await import('../../src/dram/issued-commands.ts');
  const { latencyHistogram } = await import('../../src/dram/latency-histogram.ts');
  const { CONDITIONS } = await import('../../src/dram/core/layout.ts');
  const conditionOf = (code: number): string | undefined =>
    Object.entries<number>(CONDITIONS).find(([, number]) => number === code)?.[0];
  return fc
    .sample(channels, { seed: 31, numRuns: randomCases(50, 150) })
    .map(({ organisation, timing, options, bursts }) => {
      const commands: unknown[] = [];
      const observer = {
        command: (cycle: number, command: number, ...place: number[]) =>
          void commands.push([cycle, ISSUED_COMMANDS[command], ...place]),
        columns: (cycle: number, command: number, ...rest: number[]) =>
          void commands.push([
            cycle,
            ISSUED_COMMANDS[command],
            ...rest.slice(0, 6),
            conditionOf(rest[6]!),
            ...rest.slice(7),
          ]),
        forwarded: (cycle: number) => void commands.push([cycle, 'forwarded']),
      };
      const controller = createController(
        organisation,
        timing,
        options,
        observer,
        openCoreOf(() => binary),
      );
      for (const { write, rank, bank, row, column, count, arrival } of runsOf(bursts))
        controller.batch.submit(write, rank, bank, row, column, count, arrival);
      controller.drain();
      const { readLatency, writeLatency, ...statistics } = controller.statistics(controller.lastDone);
      const latencies = [readLatency, writeLatency].map((counted) => {
        const { count, mean, min, max, percentile } = latencyHistogram([counted]);
        return [count, mean, min, max, percentile(0.5)];
      });
      return [commands, statistics, latencies];
    });
}

afterEach(() => {
  vi.doUnmock('../../src/dram/core/layout-table.ts');
  vi.resetModules();
});

/** Other numbers wherever nothing but the table fixes them. */
function changed(): SharedLayout {
  const commands = codes.commands.names.map((name) => ({ PDE: 'SRX', SRX: 'PDE' })[name as string] ?? name);
  const at = (field: string): number => records.RankCounts.fields.findIndex(({ name }) => name === field);
  const [bankwise, states] = [at('bankwiseActive'), at('active')];
  const reversed = Object.entries(records).map(([name, record]) => [
    name,
    { ...record, fields: [...record.fields].reverse() },
  ]);
  return {
    constants: { ...constants, STATE: { ...constants.STATE, value: 2048 } },
    codes: {
      ...codes,
      commands: { ...codes.commands, names: commands },
      conditions: { ...codes.conditions, names: ['CONFLICT', 'HIT', 'MISS'] },
      relations: { ...codes.relations, names: [...codes.relations.names].reverse() },
      windowLevels: { ...codes.windowLevels, names: [...codes.windowLevels.names].reverse() },
    },
    records: {
      ...Object.fromEntries(reversed),
      // The cycles of the states stay in the order of their numbers.
      RankCounts: {
        ...records.RankCounts,
        fields: [
          ...records.RankCounts.fields.slice(states),
          ...records.RankCounts.fields.slice(bankwise, states),
          ...records.RankCounts.fields.slice(0, bankwise).reverse(),
        ],
      },
    },
  };
}

describe('the table of the core layout', () => {
  it.runIf(FULL)(
    'decides alone: with every field moved and codes exchanged, host and core do the same as before',
    async () => {
      const before = await outcome(CORE_LAYOUT, await compiledWith(CORE_LAYOUT));
      const table = changed();
      expect(await outcome(table, await compiledWith(table))).toEqual(before);
    },
    120_000,
  );

  it('must be the same on both sides', async () => {
    const binary = await compiledWith(CORE_LAYOUT);
    const table = { ...CORE_LAYOUT, records: { ...records, BankCounts: changed().records['BankCounts']! } };
    expect(await outcome(table, binary)).not.toEqual(await outcome(CORE_LAYOUT, binary));
  }, 120_000);

  it('has the cycles of the rank states in the order of their numbers', () => {
    const fields = records.RankCounts.fields.map(({ name }) => name);
    const constantOf = (name: string): string =>
      `RANK_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    expect(fields.slice(fields.indexOf('active')).map(constantOf)).toEqual(codes.rankStates.names);
    const bankwise = fields.slice(fields.indexOf('bankwiseActive'), fields.indexOf('active'));
    expect(bankwise.map((name) => constantOf(name).replace('_BANKWISE', ''))).toEqual(
      codes.rankStates.names.slice(0, bankwise.length),
    );
  });
});

describe('a record', () => {
  const record = [
    { name: 'first', type: 'i32' },
    { name: 'wide', type: 'f64' },
    { name: 'last', type: 'usize' },
  ] as const;

  it('has each field at a multiple of its size, and may begin behind another', () => {
    expect(offsetsOf(record)).toEqual({ first: 0, wide: 8, last: 16 });
    expect(sizeOf(record)).toBe(20);
    expect(offsetsOf(record, 12)).toEqual({ first: 12, wide: 16, last: 24 });
    expect(sizeOf([])).toBe(0);
  });

  it('lies in AssemblyScript as it does for the host', async () => {
    const layout = { constants: {}, codes: {}, records: { Mixed: { note: 'Mixed sizes.', fields: record } } };
    const offsets = async (name: string): Promise<Uint8Array> =>
      compileAssembly('index.ts', async (file) => {
        if (file === 'layout.ts') return layoutSource(layout, 'a test');
        if (file !== 'index.ts') return null;
        return `import { Mixed } from './layout';\nexport function f(): usize { return ${name}; }`;
      });
    for (const [name, offset] of Object.entries(offsetsOf(record)))
      expect(await offsets(`offsetof<Mixed>('${name}')`)).toEqual(await offsets(String(offset)));
    expect(await offsets('offsetof<Mixed>()')).toEqual(await offsets(String(sizeOf(record))));
  });
});

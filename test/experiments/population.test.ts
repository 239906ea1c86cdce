import { describe, expect, it } from 'vitest';
import { run } from '../../src/experiments/run.ts';
import type { RunInput } from '../../src/settings/jobs/run.ts';

const job: RunInput = {
  profile: 'voltron-population',
  supplies: [1.1, 1.025],
  mappings: ['baseline'],
  chips: 30,
  images: 10,
  inferences: 1,
};

describe('a run on the population of measured modules', () => {
  it('has a row where the module of a chip is known, and says of the others why not', async () => {
    const remarks: string[] = [];
    const monitor = { begin() {}, advance() {}, remark: (line: string) => void remarks.push(line) };
    const { rows, unknown } = await run(job, 1, monitor);
    expect(rows.length + unknown.length).toBe(60);
    const at = (supply: number) => rows.filter((row) => row.supply_V === supply);
    // At 1.1 V: A3 and C7 were not tested, of vendor C only C4 is not saturated.
    expect(at(1.1).length).toBe(21);
    for (const row of at(1.1)) {
      const { modules_known, modules_saturated, modules_untested } = row;
      expect([modules_known, modules_saturated, modules_untested]).toEqual([21, 7, 2]);
    }
    expect(
      at(1.025)
        .map(({ module }) => module)
        .sort(),
    ).toEqual(['B1', 'B7', 'B8', 'B9']);
    const untested = unknown.filter(({ supply, why }) => supply === 1.1 && why === 'untested');
    expect(untested.map(({ module }) => module).sort()).toEqual(['A3', 'C7']);
    expect(remarks).toContainEqual(
      expect.stringMatching(/^1.1 V: 2 chips have no results, of modules not tested at so low a supply: /),
    );
    // The same chip takes the same module at every supply.
    for (const row of at(1.025))
      expect(at(1.1).find(({ chip }) => chip === row.chip)?.module).toBe(row.module);
    // A module's error rate is its own, larger at the lower supply.
    const rate = (supply: number, module: string) =>
      at(supply).find((row) => row.module === module)!.ber_chip;
    expect(rate(1.1, 'A4')).toBeCloseTo(0.00333, 9);
    expect(rate(1.025, 'B7')).toBeCloseTo(0.001619, 9);
  });

  it('is refused where nothing is known of any chip', async () => {
    const low: RunInput = { ...job, supplies: [1.025], chips: 1, seed: 2 };
    const { unknown } = await run({ ...job, supplies: [1.1, 1.025], chips: 1, seed: 2 });
    expect(unknown.some(({ supply }) => supply === 1.025)).toBe(true);
    await expect(run(low)).rejects.toThrow(/^nothing is known of the modules of any chip at 1.025 V\n {2}/);
  });

  it('keeps all chips of one curve on it, and refuses it below its range', async () => {
    const { rows } = await run({ ...job, profile: 'sparkxd', supplies: [1.025], chips: 2 });
    expect(rows.map(({ module }) => module)).toEqual(['vendor-b-mean', 'vendor-b-mean']);
    expect(rows[0]!.modules_known).toBeUndefined();
    await expect(run({ ...job, profile: 'sparkxd', supplies: [1.0], timing: 'nominal' })).rejects.toThrow(
      /outside the range of/,
    );
  });
});

describe('a latency curve', () => {
  it('stretches latencies by the table of Voltron instead of the simulation, and is an input of the run', async () => {
    const one: RunInput = { ...job, profile: 'sparkxd', supplies: [1.025], chips: 1 };
    const cyclesWith = async (latencyCurve: string | undefined) => {
      const { rows, manifest } = await run({
        ...one,
        ...(latencyCurve === undefined ? {} : { latencyCurve }),
      });
      return { cycles: rows[0]!.cycles, inputs: Object.keys(manifest.inputs) };
    };
    const [own, spice, table] = [
      await cyclesWith(undefined),
      await cyclesWith('voltron-spice'),
      await cyclesWith('voltron-table'),
    ];
    expect(spice).toEqual(own);
    expect(table.cycles).not.toBe(own.cycles);
    expect(table.inputs).toContain('circuit_curve voltron-table');
    await expect(cyclesWith('voltron-tables')).rejects.toThrow(/unknown circuit curve "voltron-tables"/);
  });
});

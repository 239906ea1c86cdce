import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idleRank } from '../../src/energy/command-energies.ts';
import { energyOf } from '../../src/energy/energy-of.ts';
import { groupTerms } from '../../src/energy/ledger.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { chartSvg } from '../../src/report/chart-svg.ts';
import { waterfallChart } from '../../src/report/waterfall-chart.ts';
import { energiesOf, WATERFALL_TERMS, waterfall } from '../../src/results/waterfall.ts';
import { shippedModels } from '../shipped-models.ts';

const device = await loadDevice('lpddr3-1600-4gb-sparkxd', shippedModels);
const at = (supply: number, reads: number, cycles: number) => {
  const rank = {
    ...idleRank(8),
    cycles,
    rd: Float64Array.of(reads, 0, 0, 0, 0, 0, 0, 0),
    activeCycles: cycles,
  };
  const { terms, total } = energyOf(
    device,
    { cycles, ranks: [rank] },
    { supply, law: 'quadratic', model: 'drampower4' },
  );
  return { groups: groupTerms(terms), total };
};

describe('a waterfall', () => {
  it('leads from one ledger to another exactly, each step hanging from the one before', () => {
    const supply = fc.double({ min: 1, max: 1.35, noNaN: true });
    const run = fc.tuple(supply, fc.nat(10_000), fc.nat(1_000_000));
    fc.assert(
      fc.property(run, run, (a, b) => {
        const [from, to] = [at(...a), at(...b)];
        const { steps, ...ends } = waterfall(from.groups, to.groups);
        expect(ends).toEqual({ from: from.total, to: to.total });
        expect(steps.map(({ term }) => term)).toEqual([...WATERFALL_TERMS]);
        let level = from.total;
        for (const { before, after, change } of steps) {
          expect(before).toBe(level);
          expect(after).toBe(before + change);
          level = after;
        }
        expect(level).toBe(to.total);
      }),
      { seed: 4, numRuns: 100 },
    );
  });

  it('divides rows by what it is asked for and averages chips', () => {
    const row = (act: number) => ({
      ...Object.fromEntries(WATERFALL_TERMS.map((term) => [`dram_energy_${term}_nJ`, 1])),
      dram_energy_act_nJ: act,
      accesses: 10,
    });
    expect(energiesOf([row(1), row(3)], 'access', 'r.csv').act).toBe(200);
    expect(energiesOf([row(1), row(3)], 'run', 'r.csv').act).toBe(2000);
    expect(() => energiesOf([row(1)], 'inference', 'r.csv')).toThrow(/inferences is not a number/);
  });

  it('draws a bar for each run and each term that changes', async () => {
    const from = at(1.35, 100, 1000).groups;
    const to = at(1.025, 100, 1000).groups;
    const svg = await chartSvg(
      waterfallChart(waterfall(from, to), { from: '1.35 V', to: '1.025 V', unit: 'pJ', pins: 'no pins' })
        .spec,
    );
    expect(svg).toMatch(/^<svg /);
    for (const label of ['1.35 V', 'RD', 'background', '1.025 V']) expect(svg).toContain(`>${label}<`);
    expect(svg).not.toContain('>ACT<');
  });
});

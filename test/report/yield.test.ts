import { describe, expect, it } from 'vitest';
import { runSummary } from '../../src/report/run-summary.ts';
import { yieldOf } from '../../src/report/yield.ts';
import type { RunRow } from '../../src/results/tables.ts';
import { runRow } from '../results/rows.ts';

interface Known {
  readonly known: number;
  readonly saturated: number;
  readonly untested: number;
}

const rowsAt = (
  supply: number,
  { known, saturated, untested }: Known,
  chips: readonly (readonly [module: string, holds: boolean])[],
): RunRow[] =>
  chips.map(([module, holds], i) =>
    runRow({
      ...{ network: 'n', dataset: 'd', mapping: 'sparkxd', supply_V: supply, chip: i + 1, module },
      ...{ modules_known: known, modules_saturated: saturated, modules_untested: untested },
      ...{ baseline_accuracy: 0.9, meets_bound: holds, energy_saving_vs_nominal: 0.2 },
    }),
  );

describe('the yield of a population', () => {
  const group = rowsAt(1.1, { known: 4, saturated: 2, untested: 3 }, [
    ['A1', true],
    ['B1', true],
    ['B2', true],
    ['A1', false],
  ]);

  it('counts chips, and modules that hold on all of their chips, each with its exact interval', () => {
    const { chips, modules, ...others } = yieldOf(group);
    expect(others).toEqual({ notDrawn: 1, saturated: 2, untested: 3 });
    // Of A1, B1 and B2 two hold; the two that saturated fail, those not tested or not drawn are not counted.
    expect([chips.held, chips.of, modules!.held, modules!.of]).toEqual([3, 4, 2, 5]);
    // Clopper-Pearson for n of n: the lower end is 0.025^(1/n).
    const all = yieldOf(
      rowsAt(1.2, { known: 2, saturated: 0, untested: 0 }, [
        ['A1', true],
        ['A1', true],
        ['B1', true],
      ]),
    );
    expect(all.chips.interval.low).toBeCloseTo(0.025 ** (1 / 3), 9);
    expect(all.modules!.interval.low).toBeCloseTo(0.025 ** (1 / 2), 9);
    expect([all.chips.interval.high, all.modules!.interval.high]).toEqual([1, 1]);
  });

  it('says in the summary that saturated modules fail and untested ones are not known', () => {
    expect(runSummary(group, 0.01)[1]).toBe(
      'sparkxd at 1.1 V: 2 of 5 measured modules hold the bound (95 % interval over modules 5 to 85 %), 3 fail (2 of them with more errors than could be counted), 3 not tested so low, 1 taken by no chip; 3 of 4 simulated chips of known modules (within the model 19 to 99 %)',
    );
  });

  it('has saturated modules fail in the interval, too: none of n is Clopper and Pearson of 0', () => {
    const failing = rowsAt(1.1, { known: 1, saturated: 3, untested: 0 }, [['A1', false]]);
    const { modules } = yieldOf(failing);
    expect([modules!.held, modules!.of]).toEqual([0, 4]);
    expect(modules!.interval.high).toBeCloseTo(1 - 0.025 ** (1 / 4), 9);
  });

  it('leads the summary, modules first; a supply with unknown modules is none that all keep', () => {
    const sound = rowsAt(1.25, { known: 3, saturated: 0, untested: 0 }, [
      ['A1', true],
      ['B1', true],
    ]);
    const partly = rowsAt(1.1, { known: 2, saturated: 0, untested: 1 }, [
      ['A1', true],
      ['B1', true],
    ]);
    expect(runSummary([...sound, ...partly], 0.01).slice(1)).toEqual([
      'sparkxd at 1.25 V: 2 of 2 measured modules hold the bound (95 % interval over modules 16 to 100 %), 0 fail, 1 taken by no chip; 2 of 2 simulated chips of known modules (within the model 16 to 100 %)',
      'sparkxd at 1.1 V: 2 of 2 measured modules hold the bound (95 % interval over modules 16 to 100 %), 0 fail, 1 not tested so low; 2 of 2 simulated chips of known modules (within the model 16 to 100 %)',
      'sparkxd: within the bound down to 1.25 V, which saves 20.00 % of the DRAM energy per access (core currents only, no pins)',
    ]);
    expect(runSummary(partly, 0.01).at(-1)).toBe(
      'sparkxd: at no supply is every module known and within the bound',
    );
  });
});

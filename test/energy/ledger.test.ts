import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activityFromCommands } from '../../src/energy/activity-from-commands.ts';
import { ENERGY_MODELS, type EnergyOptions, energyOf } from '../../src/energy/energy-of.ts';
import { addTerms, closeLedger, groupTerms, LEDGER_TERMS, type Ledger } from '../../src/energy/ledger.ts';
import type { Device } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { shippedModels } from '../shipped-models.ts';
import { randomCommands } from './random-commands.ts';

const RUNS = { seed: 20261123, numRuns: 60 };
const one = await loadDevice('lpddr3-1600-4gb', shippedModels);
/** Two ranks of two devices, so that every axis of the ledger is used. */
const device: Device = {
  ...one,
  organisation: { ...one.organisation, ranks: 2, devicesPerRank: 2 },
  rails: one.rails.map((rail) => ({
    ...rail,
    currents: { ...rail.currents, IDD5PB: 60 },
    bankRefreshInterval: one.timing['tREFI']! / 8,
  })),
};
const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
const streams = randomCommands(2, 8, timing.parameters['tRFCab']!);
const options = fc.record({
  supply: fc.double({ min: device.supply.min, max: device.supply.max, noNaN: true }),
  law: fc.oneof(
    fc.constantFrom('quadratic' as const, 'linear' as const),
    fc.record({ exponent: fc.double({ min: 0.5, max: 4, noNaN: true }) }),
  ),
  model: fc.constantFrom(...ENERGY_MODELS),
  rho: fc.double({ min: 0, max: 1, noNaN: true }),
  io: fc.constant({ capacitance_pF: 1.8, voltage: 1.2, writeTermination_mW: 2 }),
}) satisfies fc.Arbitrary<EnergyOptions>;

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

/** Every way of cutting the ledger, each summed forwards and backwards. */
function margins({ terms, byRail, byPlace, cells }: Ledger): number[] {
  const cuts = [Object.values(terms), byRail.map(addTerms), byPlace.flatMap((places) => [...places]), cells];
  return cuts
    .flatMap((cut) => [sum(cut), sum([...cut].reverse())])
    .concat(sum(Object.values(groupTerms(terms))));
}

describe('the ledger', () => {
  it('adds up to the total to the last bit by terms, rails, ranks and banks, in any order', () => {
    fc.assert(
      fc.property(streams, options, (commands, given) => {
        const ledger = energyOf(device, activityFromCommands(device, timing, commands), given);
        for (const margin of margins(ledger)) expect(margin).toBe(ledger.total);
        for (const term of LEDGER_TERMS)
          expect(sum(ledger.byRail.map((terms) => terms[term]))).toBe(ledger.terms[term]);
      }),
      RUNS,
    );
  });

  it('keeps that up at any size, by a coarser grain', () => {
    const shape = { ranks: 2, banks: 3, rails: ['a', 'b'] };
    const cells = 2 * 4 * 2 * LEDGER_TERMS.length;
    const energy = fc.double({ min: 0, max: 1e30, noNaN: true });
    fc.assert(
      fc.property(fc.array(energy, { minLength: cells, maxLength: cells }), (raw) => {
        const ledger = closeLedger(shape, Float64Array.from(raw), new Set(raw.keys()), 1.2);
        for (const margin of margins(ledger)) expect(margin).toBe(ledger.total);
        expect(Math.abs(ledger.total - sum(raw))).toBeLessThanOrEqual(1e-13 * sum(raw) + 1);
      }),
      RUNS,
    );
  });

  it('never falls when a command is added', () => {
    fc.assert(
      fc.property(streams, options, fc.nat(), (commands, given, at) => {
        const columns = commands.flatMap(({ command }, i) =>
          command === 'RD' || command === 'WR' ? [i] : [],
        );
        const activity = activityFromCommands(device, timing, commands);
        const before = energyOf(device, activity, given).total;
        if (columns.length > 0) {
          const twice = commands.toSpliced(
            columns[at % columns.length]!,
            0,
            commands[columns[at % columns.length]!]!,
          );
          const more = activityFromCommands(device, timing, twice, { endCycle: () => activity.cycles });
          expect(energyOf(device, more, given).total).toBeGreaterThan(before);
        }
        const longer = activityFromCommands(device, timing, commands, {
          endCycle: () => activity.cycles + 100,
        });
        expect(energyOf(device, longer, given).total).toBeGreaterThan(before);
      }),
      RUNS,
    );
  });

  it('falls with the square of the supply when every rail is scaled', async () => {
    const knob = await loadDevice('lpddr3-1600-4gb-sparkxd', shippedModels);
    const commands = fc.sample(streams, { seed: 1, numRuns: 1 })[0]!;
    const activity = activityFromCommands(device, timing, commands);
    const at = (supply: number, law: EnergyOptions['law']) =>
      energyOf({ ...device, supply: knob.supply, rails: knob.rails }, activity, {
        supply,
        law,
        model: 'drampower4',
      }).total;
    expect(at(1.025, 'quadratic') / at(1.35, 'quadratic')).toBeCloseTo((1.025 / 1.35) ** 2, 6);
    expect(at(1.025, 'linear') / at(1.35, 'linear')).toBeCloseTo(1.025 / 1.35, 6);
    expect(at(1.025, { exponent: 2.3 }) / at(1.35, 'linear')).toBeCloseTo((1.025 / 1.35) ** 2.3, 6);
  });

  it('scales VDD2 alone when VDD1 stays', () => {
    const commands = fc.sample(streams, { seed: 1, numRuns: 1 })[0]!;
    const activity = activityFromCommands(device, timing, commands);
    const at = (supply: number) => energyOf(device, activity, { supply, law: 'quadratic' });
    expect(at(1.0).byRail[0]).toEqual(at(1.2).byRail[0]);
    expect(addTerms(at(1.0).byRail[1]!) / addTerms(at(1.2).byRail[1]!)).toBeCloseTo((1.0 / 1.2) ** 2, 6);
  });
});

describe('what cannot be known is refused', () => {
  const activity = activityFromCommands(device, timing, [
    { cycle: 0, command: 'PDE', rank: 0, bank: 0, row: 0, column: 0, slowExit: true },
    { cycle: 50, command: 'PDX', rank: 0, bank: 0, row: 0, column: 0 },
  ]);
  const without = (name: string): Device => ({
    ...device,
    rails: device.rails.map((rail) => ({
      ...rail,
      currents: Object.fromEntries(Object.entries(rail.currents).filter(([key]) => key !== name)),
    })),
  });
  const at =
    (of: Device, over: Partial<EnergyOptions> = {}) =>
    () =>
      energyOf(of, activity, { supply: 1.2, law: 'quadratic', ...over });

  it('a current of a state that the run entered, by its name; one of another state may be missing', () => {
    expect(at(without('IDD2P0'), { model: 'drampower4' })).toThrow(/gives no IDD2P0 for VDD1/);
    expect(at(without('IDD2N'))).toThrow(/gives no IDD2N for VDD1/);
    for (const model of ENERGY_MODELS) expect(at(without('IDD6'), { model })).not.toThrow();
  });
  it('a device without currents, a supply or an exponent out of range, a law for a rail that is not there', () => {
    expect(at({ ...device, rails: [] })).toThrow(/no supply currents/);
    expect(at(device, { supply: 0.5 })).toThrow(/outside the range/);
    expect(at(device, { law: { exponent: Number.NaN } })).toThrow(/positive number/);
    expect(at(device, { law: { rails: { VDD3: 'linear' } } })).toThrow(/no rail "VDD3"/);
    expect(at(device, { model: 'drampower6', rho: 2 })).toThrow(/rho/);
  });
});

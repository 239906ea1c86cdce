import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activityFromCommands } from '../../src/energy/activity-from-commands.ts';
import { withCurrents } from '../../src/energy/current-set.ts';
import { energyOf } from '../../src/energy/energy-of.ts';
import {
  lawsWith,
  PUBLIC_LAWS,
  pinsWith,
  type SavingTraffic,
  savingRange,
  type Uncertain,
} from '../../src/energy/saving-range.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { railChoices } from '../../src/inputs/rail-choices.ts';
import { shippedModels, withModel } from '../shipped-models.ts';
import { commandLines } from './command-lines.ts';
import { randomCommands } from './random-commands.ts';

const device = await loadDevice('lpddr3-1600-4gb-sparkxd', shippedModels);
const part = await loadDevice('lpddr3-1600-4gb', shippedModels);
const timing = await resolveTiming(device, 1.35, 'nominal');
const rails = await railChoices(device, shippedModels);
const uncertain: Uncertain = { rails, laws: PUBLIC_LAWS, pins: pinsWith(undefined, device) };
const model = 'drampower6';

/** The same commands at nominal supply, and at the point with some idle cycles behind them. */
function trafficOf(commands: Parameters<typeof activityFromCommands>[2] & readonly unknown[], longer = 0) {
  const baseline = activityFromCommands(device, timing, commands);
  const point = activityFromCommands(device, timing, commands, { endCycle: () => baseline.cycles + longer });
  return {
    baseline: { activity: baseline, units: 3 },
    point: { activity: point, units: 3 },
  } satisfies SavingTraffic;
}

const commands = commandLines('0,ACT,0 15,RD,0 19,RD,0 40,WR,0 80,PRE,0');

describe('the range of a saving', () => {
  it('prices every set of currents, law, choice of rails, and pins in or out', () => {
    const { cases, left } = savingRange(trafficOf(commands), uncertain, { supply: 1.025, model });
    expect(left).toEqual([]);
    const values = (of: (one: (typeof cases)[number]) => string) => [...new Set(cases.map(of))];
    expect(values(({ currents }) => currents)).toEqual(['own', 'gem5']);
    expect(values((one) => one.law)).toEqual(['linear', 'quadratic', 'exponent 2.3']);
    expect(values((one) => one.rails)).toEqual(['lpddr3-1600-4gb-sparkxd', 'lpddr3-1600-4gb']);
    expect(values((one) => one.pins)).toEqual(['none', '1.8 pF at 1.2 V']);
    expect(cases).toHaveLength(2 * 3 * 2 * 2);
  });

  it('has in each case what pricing the two runs by themselves gives, and their least and greatest', () => {
    fc.assert(
      fc.property(
        randomCommands(1, 8, 104),
        fc.nat(5000),
        fc.double({ min: 1.0, max: 1.35, noNaN: true }),
        (some, longer, supply) => {
          const traffic = trafficOf(some, longer);
          const range = savingRange(traffic, uncertain, { supply, model });
          for (const { currents, law: words, rails: name, pins, saving } of range.cases) {
            const priced = withCurrents(name === part.name ? part : device, currents);
            const law = words === 'exponent 2.3' ? { exponent: 2.3 } : (words as 'linear' | 'quadratic');
            const io = pins === 'none' ? undefined : device.io;
            const at = name === part.name ? (supply * 1.2) / 1.35 : supply;
            const nominal = name === part.name ? 1.2 : 1.35;
            const reduced = energyOf(priced, traffic.point.activity, { supply: at, law, model, io });
            const accurate = energyOf(priced, traffic.baseline.activity, { supply: nominal, law, model, io });
            expect(saving).toBeCloseTo(1 - reduced.total / accurate.total, 9);
          }
          const savings = range.cases.map(({ saving }) => saving);
          expect(range.low).toBe(Math.min(...savings));
          expect(range.high).toBe(Math.max(...savings));
        },
      ),
      { seed: 11, numRuns: 20 },
    );
  });

  it('is nothing at nominal supply, and wide at 1.025 V, with pins and own rails at the low end', () => {
    const traffic = trafficOf(commands);
    expect(savingRange(traffic, uncertain, { supply: 1.35, model })).toMatchObject({ low: 0, high: 0 });
    const { cases, low, high } = savingRange(traffic, uncertain, { supply: 1.025, model });
    const least = cases.find(({ saving }) => saving === low)!;
    const greatest = cases.find(({ saving }) => saving === high)!;
    expect(least).toMatchObject({ law: 'linear', rails: 'lpddr3-1600-4gb', pins: '1.8 pF at 1.2 V' });
    expect(greatest).toMatchObject({ law: 'exponent 2.3', rails: 'lpddr3-1600-4gb-sparkxd', pins: 'none' });
    const core = 1 - (1.025 / 1.35) ** 2;
    for (const one of cases)
      if (one.law === 'quadratic' && one.rails === device.name && one.pins === 'none')
        expect(one.saving).toBeCloseTo(core, 6);
  });

  it('weighs the reads by the bits read, and divides by what each run served', () => {
    const traffic = trafficOf(commands);
    const weighed = {
      baseline: { ...traffic.baseline, readFactor: 0.9 },
      point: { ...traffic.point, readFactor: 0.7, units: 6 },
    };
    const own = { rails: rails.slice(0, 1), laws: ['quadratic'], pins: [undefined] } as const;
    const one = savingRange(weighed, own, { supply: 1.1, model }).cases[0]!;
    const price = (supply: number, factor: number) => {
      const { total, terms } = energyOf(device, traffic.point.activity, { supply, law: 'quadratic', model });
      return total - (1 - factor) * terms.rd;
    };
    expect(one.saving).toBeCloseTo(1 - price(1.1, 0.7) / 6 / (price(1.35, 0.9) / 3), 12);
  });

  it('leaves out, and names, a set of currents that lacks one', () => {
    const poor = {
      ...device,
      otherCurrents: [
        { name: 'poor', rails: device.rails.map((rail) => ({ ...rail, currents: { IDD0: 1 } })) },
      ],
    };
    const choice = { rails: [{ name: 'poor', device: poor }], laws: PUBLIC_LAWS, pins: [undefined] };
    const { cases, left } = savingRange(trafficOf(commands), choice, { supply: 1.1, model });
    expect(cases.map(({ currents }) => currents)).toEqual(['own', 'own', 'own']);
    expect(left).toMatchObject([{ rails: 'poor', currents: 'poor' }]);
    expect(left[0]!.why).toMatch(/gives no IDD\w+ for VDD1, which this run needs/);
    const none = { ...poor, rails: poor.otherCurrents[0]!.rails };
    expect(() =>
      savingRange(
        trafficOf(commands),
        { ...choice, rails: [{ name: 'none', device: none }] },
        { supply: 1.1, model },
      ),
    ).toThrow(/gives no IDD/);
    expect(() => savingRange(trafficOf(commands), uncertain, { supply: 0.5, model })).toThrow(
      /outside the range of lpddr3-1600-4gb-sparkxd/,
    );
  });

  it('is over the law and the pins of the job, too', () => {
    expect(lawsWith('quadratic')).toEqual(PUBLIC_LAWS);
    expect(lawsWith({ exponent: 2.3 })).toEqual(PUBLIC_LAWS);
    expect(lawsWith({ exponent: 1.7 })).toEqual([{ exponent: 1.7 }, ...PUBLIC_LAWS]);
    const pins = { capacitance_pF: 3, voltage: 1.1, writeTermination_mW: 0 };
    expect(pinsWith(pins, device)).toEqual([undefined, pins]);
    expect(pinsWith(undefined, device)).toEqual([undefined, device.io]);
    const { io: _, ...without } = device;
    expect(pinsWith(undefined, without)).toEqual([undefined]);
  });
});

describe('the rails to choose from', () => {
  it("are the device's own alone where its file names no part", async () => {
    expect((await railChoices(part, shippedModels)).map(({ name }) => name)).toEqual(['lpddr3-1600-4gb']);
  });

  it('are those of the same memory', async () => {
    const { text } = await shippedModels.read('dram', device.name);
    for (const [other, wrong] of [
      ['ddr4-2400-4gb', /ddr4-2400-4gb is another memory than lpddr3-1600-4gb-sparkxd/],
      ['no-such', /no-such/],
    ] as const) {
      const models = withModel(
        'dram',
        'mine',
        text.replace('own_rails: lpddr3-1600-4gb', `own_rails: ${other}`),
      );
      const mine = await loadDevice('mine', models);
      const refused = await railChoices(mine, models).catch((error: unknown) => error);
      expect(refused).toMatchObject({ message: expect.stringMatching(wrong) });
    }
  });

  it('have the currents of the part in both of its files', () => {
    expect(device.rails.map(({ currents }) => currents)).toEqual(part.rails.map(({ currents }) => currents));
    expect(
      device.otherCurrents.map(({ name, rails }) => [name, rails.map(({ currents }) => currents)]),
    ).toEqual(part.otherCurrents.map(({ name, rails }) => [name, rails.map(({ currents }) => currents)]));
    expect(device.io).toEqual(part.io);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { activityFromCommands } from '../../src/energy/activity-from-commands.ts';
import { supplyEffects } from '../../src/energy/effects.ts';
import { type EnergyOptions, energyOf } from '../../src/energy/energy-of.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { shippedModels } from '../shipped-models.ts';
import { randomCommands } from './random-commands.ts';

const device = await loadDevice('lpddr3-1600-4gb', shippedModels);
const timing = await resolveTiming(device, 1.2, 'nominal');
const streams = randomCommands(1, 8, 104);

it('voltage and timing part the whole change, and each alone is what is left when the other is absent', () => {
  const supplies = fc.double({ min: 0.8, max: 1.2, noNaN: true });
  fc.assert(
    fc.property(streams, fc.nat(5000), supplies, (commands, longer, supply) => {
      const nominal = activityFromCommands(device, timing, commands);
      const slower = activityFromCommands(device, timing, commands, {
        endCycle: () => nominal.cycles + longer,
      });
      const options: EnergyOptions = { supply, law: 'quadratic' };
      const total = (activity: typeof nominal, at: number) =>
        energyOf(device, activity, { ...options, supply: at }).total;
      const effects = supplyEffects(device, nominal, slower, options);
      expect(effects.voltage + effects.timing).toBe(total(slower, supply) - total(nominal, 1.2));
      expect(effects.timing).toBeGreaterThanOrEqual(0);
      expect(effects.voltage).toBeLessThanOrEqual(0);
      expect(supplyEffects(device, nominal, nominal, options).timing).toBe(0);
      expect(supplyEffects(device, nominal, slower, { ...options, supply: 1.2 }).voltage).toBe(0);
    }),
    { seed: 20261123, numRuns: 60 },
  );
});

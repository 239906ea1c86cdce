// Devices, timing, energy and errors without files, as in a browser or a worker. Run with: node examples/pure-rooms.mjs
import { readFileSync } from 'node:fs';
import { createController, DEFAULT_CONTROLLER, loadDevice, modelsOfTexts, resolveTiming } from 'sparkxd/dram';
import { commandEnergies, energyOf } from 'sparkxd/energy';
import { createChip, loadVoltageProfile, subarrayBer } from 'sparkxd/faults';

// A browser would fetch these texts, or have its bundler include them.
const text = (path) => readFileSync(new URL(`../hw-models/${path}.yaml`, import.meta.url), 'utf8');
const names = [
  'dram/lpddr3-1600-4gb-sparkxd',
  'standards/lpddr3',
  'circuit/voltron-spice',
  'voltage/sparkxd-fit',
];
const models = modelsOfTexts(Object.fromEntries(names.map((name) => [name, text(name)])));

const device = await loadDevice('lpddr3-1600-4gb-sparkxd', models);
const chip = createChip(await loadVoltageProfile('sparkxd-fit', models), device, { seed: 1, chip: 1 });
for (const supply of [1.35, 1.1]) {
  const timing = await resolveTiming(device, supply, 'stretched');
  const controller = createController(device.organisation, timing, DEFAULT_CONTROLLER);
  controller.idleUntil(10_000);
  const { activity } = controller.statistics(10_000);
  const options = { supply, law: 'quadratic' };
  const rates = subarrayBer(chip, supply);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  console.log(
    `${supply} V: tRCD ${timing.parameters.tRCD} cycles, ACT ${commandEnergies(device, options).ACT.toFixed(0)} pJ, ` +
      `idle ${(energyOf(device, activity, options).total / 1000).toFixed(1)} nJ, mean bit error rate ${mean.toExponential(2)}`,
  );
}

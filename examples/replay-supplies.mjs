// What a lower supply saves on a trace, with progress and a way to stop. Run with: node examples/replay-supplies.mjs
import { InputError, replay } from 'sparkxd';

const trace = new URL('../traces/n400-mnist-event.sxt', import.meta.url).pathname;
const stop = new AbortController();
const phases = new Set();

const { rows } = await replay(
  { trace, device: 'ddr4-2400-8gb', supply: ['100%', 1.1], noAccuracy: true },
  { signal: stop.signal, onProgress: ({ phase }) => phases.add(phase) },
);
for (const { supply_V, energy_per_access_pJ, energy_saving_vs_nominal, bandwidth_GBps } of rows)
  console.log(
    `${supply_V} V: ${energy_per_access_pJ.toFixed(1)} pJ per access, ${(100 * energy_saving_vs_nominal).toFixed(2)} % saved, ${bandwidth_GBps.toFixed(2)} GB/s`,
  );

// What is wrong with the input is a value with its parts.
try {
  await replay({ trace, device: 'ddr4-2400-8g' });
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.log(`${error.what} (${error.remedy})`);
}

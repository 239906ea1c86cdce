// What weak-cell maps must reach (docs/faults.md), measured on the built program: npm run bench:faults
import { cpus } from 'node:os';
import { createChip } from '../../dist/faults/chip.js';
import { ERROR_MODEL_IDS, errorModel } from '../../dist/faults/error-model.js';
import { fitErrorModel } from '../../dist/faults/fit-model.js';
import { injectErrors } from '../../dist/faults/inject.js';
import { collectWeakCells } from '../../dist/faults/weak-cell-map.js';
import { weakCellsAt } from '../../dist/faults/weak-cells-at.js';
import { banksPerRank, bytesPerRow } from '../../dist/hardware/device.js';
import { loadDevice } from '../../dist/hardware/load-device.js';
import { loadVoltageProfile } from '../../dist/hardware/load-voltage-profile.js';
import { berAt } from '../../dist/hardware/voltage-profile.js';
import { modelFiles } from '../../dist/inputs/model-files.js';
import { placeWeights } from '../../dist/mapping/policy.js';
import { clopperPearson } from '../../dist/stats/binomial.js';

const REPEATS = 5;
const device = await loadDevice('lpddr3-1600-4gb-sparkxd', modelFiles);
const profile = await loadVoltageProfile('sparkxd', modelFiles);
const { organisation } = device;
const banks = banksPerRank(organisation);
const rowBytes = bytesPerRow(organisation);
const cells = banks * organisation.rows * rowBytes * 8;
const bits = new Uint32Array(rowBytes * 8);
/** The supply at which the profile's line has this bit error rate. */
const supplyAt = (ber) => (Math.log10(ber) - 79.43) / -80.1;

console.log(
  `${cpus()[0].model}, node ${process.version}; CPU time, median (lowest to highest of ${REPEATS})`,
);
console.log(`${device.name}: ${cells} cells\n`);

for (const [title, ber] of [
  ['BER 2e-3', 2e-3],
  ['BER 1e-6', 1e-6],
])
  for (const id of ERROR_MODEL_IDS) {
    const chip = createChip(profile, device, { seed: 1, model: errorModel(id) });
    const weak = weakCellsAt(chip, supplyAt(ber));
    let count = 0;
    const seconds = measure(() => {
      count = countWeak(weak);
    });
    const rates = seconds.map((s) =>
      ber > 1e-4
        ? `${(count / s / 1e6).toFixed(0)} M weak cells/s`
        : `${(cells / 8 / s / 1e9).toFixed(0)} GB/s scanned`,
    );
    console.log(`${title}, model ${id}: ${rates[0]} (${rates[2]} to ${rates[1]}), ${count} weak cells`);
  }

{
  // N3600's FP32 weights: 784 x 3600 x 32 bit = 90 Mbit.
  const imageBytes = 784 * 3600 * 4;
  const chip = createChip(profile, device, { seed: 1 });
  const placement = placeWeights('baseline', {
    imageBytes,
    organisation,
    subarrayBer: new Float64Array(organisation.rows),
    berLimit: 1,
  });
  const flat = createChip(profile, device, { seed: 1, structure: { spread: 0, commonToBanks: 0 } });
  for (const [name, one] of [
    ['subarrays alike', flat],
    ['subarrays as measured', chip],
  ]) {
    const image = new Uint8Array(imageBytes);
    let flippedBits = 0;
    const seconds = measure(() => {
      ({ flippedBits } = injectErrors(image, placement, one, supplyAt(1e-3)));
    });
    console.log(
      `injecting 90 Mbit at BER 1e-3, ${name}: ${seconds.map((s) => (s * 1000).toFixed(1)).join(' / ')} ms, ${flippedBits} flips`,
    );
  }
}

{
  const supply = supplyAt(10_000 / cells);
  let right = 0;
  const maps = 100;
  for (let i = 0; i < maps; i++) {
    const id = i % 4;
    const chip = createChip(profile, device, { seed: 77, chip: i, model: errorModel(id) });
    const map = collectWeakCells(weakCellsAt(chip, supply), device.supply.nominal, supply);
    if (fitErrorModel(map, supply, 100, cells).best === id) right++;
  }
  console.log(`models found again at 10 000 weak cells: ${right} of ${maps}`);
}

{
  let inside = 0;
  let intervals = 0;
  for (const id of ERROR_MODEL_IDS)
    for (let i = 0; i < 20; i++) {
      const chip = createChip(profile, device, { seed: 3, chip: i, model: errorModel(id) });
      for (const supply of [1.1, 1.075, 1.05]) {
        const { low, high } = clopperPearson(countWeak(weakCellsAt(chip, supply)), cells, 0.99);
        const { flipCharged, flipDischarged } = chip.model;
        const share = berAt(chip.member.curve, supply) / ((flipCharged + flipDischarged) / 2);
        intervals++;
        if (low <= share && share <= high) inside++;
      }
    }
  console.log(
    `BER of whole chips within its 99 % interval: ${inside} of ${intervals} (20 chips, 4 models, 3 supplies)`,
  );
}

function countWeak(weak) {
  let count = 0;
  for (let bank = 0; bank < banks; bank++)
    for (let row = 0; row < organisation.rows; row++) count += weak.ofRow(0, 0, bank, row, bits);
  return count;
}

/** CPU seconds: median, lowest, highest; three times unmeasured before, so that the code is compiled. */
function measure(work) {
  for (let i = 0; i < 3; i++) work();
  const times = Array.from({ length: REPEATS }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  }).sort((a, b) => a - b);
  return [times[REPEATS >> 1], times[0], times.at(-1)];
}

// How many top bits a parity bit should cover: accuracy on validation images with every stored bit flipped at a rate, for
// each number of covered bits, without repair and with `zero`. node scripts/search/parity-bits.mjs [FORMAT,... [BER,...]]
// Build first. Prints the mean over seeds in %, and the mean over networks and rates.

import { sliceImages } from '../../dist/datasets/dataset.js';
import { createEvaluationPool } from '../../dist/experiments/accuracy/evaluate-pool.js';
import { evaluateVariants } from '../../dist/experiments/accuracy/evaluate-variants.js';
import { flipUniformly } from '../../dist/faults/uniform-flips.js';
import { loadDevice } from '../../dist/hardware/load-device.js';
import { modelFiles } from '../../dist/inputs/model-files.js';
import { readDataset } from '../../dist/inputs/read-dataset.js';
import { readNetwork } from '../../dist/inputs/read-network.js';
import { trainingShare } from '../../dist/snn/recipes.js';
import { weightBits } from '../../dist/snn/weight-format.js';
import { loadWeights } from '../../dist/sparkxd/repair-on-load.js';
import { readCodes, storeWeights } from '../../dist/sparkxd/stored-weights.js';

const [formats = 'uint8,int8', rates = '3e-3,1e-2', only = ''] = process.argv.slice(2);
const IMAGES = 2000;
const SEEDS = [1, 2, 3];
const device = await loadDevice('lpddr3-1600-4gb-sparkxd', modelFiles);
const pool = await createEvaluationPool(2);
console.log('network format BER repair: no check bits, then parity over the top 1, 2, ... bits');
for (const name of ['mnist', 'fashion-mnist']) {
  const { network } = await readNetwork(`n400-${name}`);
  const { train } = await readDataset(name);
  const first = trainingShare(train.count);
  const images = sliceImages(train, first, first + IMAGES);
  for (const format of formats.split(',')) {
    const most = Math.min(12, weightBits(format));
    const numbers = only === '' ? Array.from({ length: most }, (_, i) => i + 1) : only.split(',').map(Number);
    const stores = [
      storeWeights(network, { format, ecc: 'none' }, device),
      ...numbers.map((parityBits) => storeWeights(network, { format, ecc: 'parity', parityBits }, device)),
    ];
    const repairs = format.startsWith('uint') ? ['none'] : ['none', 'zero'];
    for (const ber of rates.split(',').map(Number)) {
      const sums = new Map(repairs.map((repair) => [repair, stores.map(() => 0)]));
      for (const seed of SEEDS) {
        const variants = stores.flatMap((stored) => {
          const read = stored.image.slice();
          flipUniformly(read, ber, seed);
          const codes = readCodes(stored, read);
          return repairs.map((repair) => loadWeights(codes, format, repair, network));
        });
        const settings = { responses: network.responses, vote: 'likelihood', seed };
        const found = await evaluateVariants(pool, network, variants, images, settings);
        found.forEach(({ accuracy }, i) => {
          sums.get(repairs[i % repairs.length])[Math.floor(i / repairs.length)] += accuracy / SEEDS.length;
        });
      }
      for (const repair of repairs)
        console.log(
          [name, format, ber, repair].join(' '),
          ['-', ...numbers].map((n, i) => `${n}:${(100 * sums.get(repair)[i]).toFixed(2)}`).join(' '),
        );
    }
  }
}
await pool.close();

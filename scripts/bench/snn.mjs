// CPU time of training and inference per image, of the built program: node scripts/bench/snn.mjs [NEURONS ...]
import { cpus } from 'node:os';
import { readDataset } from '../../dist/inputs/read-dataset.js';
import { createInference, createInput } from '../../dist/snn/infer.js';
import { createPlainKernel } from '../../dist/snn/kernel/plain.js';
import { createSimdKernel } from '../../dist/snn/kernel/simd.js';
import { defaultRecipe } from '../../dist/snn/recipes.js';
import { trainNetwork } from '../../dist/snn/train.js';
import { measure, REPEATS } from './cpu-an-image.mjs';

const KERNELS = { simd: createSimdKernel, plain: createPlainKernel };
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [400, 900];

const dataset = await readDataset('mnist');
const { train, test } = dataset;
console.log(
  `${cpus()[0].model}, node ${process.version}; CPU ms per image, median (lowest to highest of ${REPEATS})`,
);
console.log('neurons  kernel  training               inference');
for (const neurons of sizes)
  for (const [name, createKernel] of Object.entries(KERNELS)) {
    const images = Math.round((name === 'simd' ? 1_600_000 : 200_000) / neurons);
    const recipe = { ...defaultRecipe(neurons, dataset, 1), presentations: images };
    let network = trainNetwork(recipe, train, { createKernel });
    const training = measure(
      images,
      () => {
        network = trainNetwork(recipe, train, { createKernel });
      },
      3,
    );
    const inference = createInference(network, createKernel);
    const input = createInput(network, test, 1);
    const responding = measure(
      images,
      () => {
        for (let image = 0; image < images; image++) inference.respond(input(image));
      },
      3,
    );
    console.log(`${String(neurons).padStart(7)}  ${name.padEnd(6)}  ${training}  ${responding}`);
  }

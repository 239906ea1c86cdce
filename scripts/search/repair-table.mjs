// The tables of docs/repair.md: every repair on load, and adaptation after it, by network, format and bit error rate.
//
//   npm run build
//   node scripts/search/repair-table.mjs RECORD.jsonl --network n400-mnist [--prior n900-mnist] [--seeds 1,2,3]
//        [--adapt 20000] [--images 10000] [--dist dist] [--aware FILE.safetensors,...]
//   node scripts/search/repair-table.mjs RECORD.jsonl --summary
//
// Test images of MNIST, labels as shipped (`+ labels`: anew from the 50 000 training images, under the errors; `+ thresholds`:
// adapted first on unlabelled training images). A seed draws the flips and the input spikes. --aware takes networks of
// `train --fault-aware --ber 0.1` instead, one a seed in the order of the seeds, and reads them under their own flips.
import { appendFileSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    summary: { type: 'boolean', default: false },
    network: { type: 'string', default: 'n400-mnist' },
    prior: { type: 'string', default: 'n900-mnist' },
    seeds: { type: 'string', default: '1,2,3' },
    adapt: { type: 'string', default: '20000' },
    images: { type: 'string', default: '10000' },
    dist: { type: 'string', default: 'dist' },
    aware: { type: 'string' },
  },
});
const [record] = positionals;
const folder = resolve(values.dist);
const from = (file) => import(`${folder}/${file}.js`);

const REPAIRS = ['none', 'clamp', 'zero', 'force', 'silence', 'sum', 'bits', 'median', 'context'];
const FORMATS = ['fp32', 'int8'];
const RATES = values.aware ? [0.1] : [0.01, 0.03, 0.1];

if (values.summary) await summarise();
else await measure();

async function measure() {
  const snn = {
    ...(await from('snn/label')),
    ...(await from('snn/predict')),
    ...(await from('snn/recipes')),
    ...(await from('snn/weight-format')),
    ...(await from('faults/uniform-flips')),
    ...(await from('sparkxd/repair-on-load')),
    ...(await from('sparkxd/repair-context')),
    ...(await from('sparkxd/adapt-thresholds')),
  };
  const { readDataset } = await from('experiments/read-dataset');
  const { readNetwork } = await from('experiments/read-network');
  const { sliceImages } = await from('datasets/dataset');
  const dataset = await readDataset('mnist');
  const images = sliceImages(dataset.test, 0, Number(values.images));
  const labelling = sliceImages(dataset.train, 0, snn.trainingShare(dataset.train.count));
  const { network: prior } = await readNetwork(values.prior);
  const files = values.aware?.split(',');

  for (const [i, seed] of values.seeds.split(',').map(Number).entries()) {
    const { network } = await readNetwork(files ? files[i] : values.network);
    const accuracyOf = (weights, theta = network.theta, responses = network.responses) => {
      const settings = { responses, vote: 'likelihood', seed };
      const [classes] = snn.predictVariants(
        { ...network, theta },
        [weights],
        images,
        0,
        images.count,
        settings,
      );
      return classes.reduce((sum, label, k) => sum + (label === images.labels[k] ? 1 : 0), 0) / images.count;
    };
    const note = (format, ber, repair, accuracy) =>
      appendFileSync(
        record,
        `${JSON.stringify({ network: files ? `${values.network} aware` : values.network, format, ber, repair, seed, accuracy })}\n`,
      );
    for (const format of FORMATS) {
      note(format, 0, 'clean', accuracyOf(snn.roundWeights(network.weights, format)));
      for (const ber of RATES) {
        const bits = snn.weightBits(format);
        const image = snn.packCodes(snn.encodeWeights(network.weights, format), bits);
        snn.flipUniformly(image, ber, seed);
        const read = snn.unpackCodes(image, bits, network.weights.length);
        const tables = snn.learnContextTables({ fields: prior, weights: prior.weights }, format, ber);
        for (const repair of REPAIRS) {
          const weights = snn.loadWeights(read, format, repair, network, tables);
          note(format, ber, repair, accuracyOf(weights));
          if (repair !== 'clamp' && repair !== 'context') continue;
          const damaged = { ...network, weights };
          const anew = snn.collectResponses(damaged, labelling, 0, labelling.count, seed);
          note(format, ber, `${repair} + labels`, accuracyOf(weights, network.theta, anew));
          const rateMv = snn.ADAPTATION_RATE;
          const settings = { presentations: Number(values.adapt), rateMv, seed };
          const theta = snn.adaptThresholds(network, weights, labelling, settings);
          const adapted = snn.collectResponses({ ...damaged, theta }, labelling, 0, labelling.count, seed);
          note(format, ber, `${repair} + thresholds`, accuracyOf(weights, theta, adapted));
        }
      }
    }
  }
}

/** A table a network and format: accuracy at each rate, and what it gains over `clamp`, with Student's 95 % intervals over seeds. */
async function summarise() {
  const { meanInterval, pairedDifference } = await from('stats/student');
  const lines = readFileSync(record, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const groups = Map.groupBy?.(lines, ({ network, format }) => `${network}, ${format}`) ?? grouped(lines);
  for (const [name, group] of groups) {
    const rates = [...new Set(group.map(({ ber }) => ber))].filter((ber) => ber > 0);
    const bySeed = (repair, ber) =>
      group
        .filter((line) => line.repair === repair && line.ber === ber)
        .sort((a, b) => a.seed - b.seed)
        .map(({ accuracy }) => accuracy * 100);
    const shown = ({ estimate, high }) => `${estimate.toFixed(2)} ± ${(high - estimate).toFixed(2)}`;
    console.log(`\n${name}, clean ${shown(meanInterval(bySeed('clean', 0)))}\n`);
    console.log(`| repair | ${rates.map((ber) => `${ber} | gain over \`clamp\``).join(' | ')} |`);
    console.log(`|---|${'---|---|'.repeat(rates.length)}`);
    for (const repair of new Set(group.map((line) => line.repair))) {
      if (repair === 'clean') continue;
      const cells = rates.map((ber) => {
        const accuracies = bySeed(repair, ber);
        const gain = repair === 'clamp' ? '' : shown(pairedDifference(accuracies, bySeed('clamp', ber)));
        return `${shown(meanInterval(accuracies))} | ${gain}`;
      });
      console.log(`| ${repair} | ${cells.join(' | ')} |`);
    }
  }
}

function grouped(lines) {
  const groups = new Map();
  for (const line of lines) {
    const key = `${line.network}, ${line.format}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return groups;
}

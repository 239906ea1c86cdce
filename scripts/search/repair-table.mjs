// The tables of docs/repair.md: every repair on load, and adaptation after it, by network, format and bit error rate.
//
//   npm run build
//   node scripts/search/repair-table.mjs RECORD.jsonl --network n400-mnist [--dataset mnist] [--prior n900-mnist] [--seeds 1,2,3]
//        [--formats fp32,int8] [--bers 0.01,0.03,0.1] [--repairs NAME,...] [--adapted clamp,context] [--adapt 20000]
//        [--assumed-ber X] [--aware FILE.safetensors,...] [--name NAME] [--images 10000] [--dist dist]
//   node scripts/search/repair-table.mjs RECORD.jsonl --summary
//
// `--adapted -` leaves adaptation out. Test images, labels as shipped (`+ labels`: anew from the 50 000 training images, under the errors; `+ thresholds`:
// adapted first on unlabelled training images). A seed draws the flips and the input spikes, as in `sparkxd evaluate`.
// --aware takes networks of `train --fault-aware --ber X --error-seed SEED` instead, one a seed in the order of the seeds,
// and reads them under their own flips; --prior may then name one prior a seed, too. --assumed-ber is the rate that `context`
// decodes for, the true one unless told. What the record has under a name (the network's unless told) is not measured again.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    summary: { type: 'boolean', default: false },
    network: { type: 'string', default: 'n400-mnist' },
    prior: { type: 'string', default: 'n900-mnist' },
    dataset: { type: 'string', default: 'mnist' },
    seeds: { type: 'string', default: '1,2,3' },
    formats: { type: 'string', default: 'fp32,int8' },
    bers: { type: 'string', default: '0.01,0.03,0.1' },
    repairs: { type: 'string', default: 'none,clamp,zero,force,silence,sum,bits,median,context' },
    'assumed-ber': { type: 'string' },
    adapted: { type: 'string', default: 'clamp,context' },
    adapt: { type: 'string', default: '20000' },
    images: { type: 'string', default: '10000' },
    dist: { type: 'string', default: 'dist' },
    aware: { type: 'string' },
    name: { type: 'string' },
  },
});
const [record] = positionals;
const folder = resolve(values.dist);
const from = (file) => import(`${folder}/${file}.js`);

const REPAIRS = values.repairs.split(',');
const FORMATS = values.formats.split(',');
const RATES = values.bers.split(',').map(Number);

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
  const { readDataset } = await from('inputs/read-dataset');
  const { readNetwork } = await from('inputs/read-network');
  const { sliceImages } = await from('datasets/dataset');
  const dataset = await readDataset(values.dataset);
  const images = sliceImages(dataset.test, 0, Number(values.images));
  const labelling = sliceImages(dataset.train, 0, snn.trainingShare(dataset.train.count));
  const priors = values.prior.split(',');
  const files = values.aware?.split(',');
  const name = values.name ?? values.network;

  for (const [i, seed] of values.seeds.split(',').map(Number).entries()) {
    const { network } = await readNetwork(files ? files[i] : values.network);
    const { network: prior } = await readNetwork(priors[i] ?? priors[0]);
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
    const measured = new Set(readRecord().map(keyOf));
    const note = (format, ber, repair, accuracy) => {
      const line = { network: name, format, ber, repair, seed };
      if (measured.has(keyOf(line))) return;
      appendFileSync(record, `${JSON.stringify({ ...line, accuracy: accuracy() })}\n`);
    };
    const encoded = (format) => snn.encodeWeights(network.weights, format, network.ceiling);
    for (const format of FORMATS) {
      note(format, 0, 'clean', () => accuracyOf(snn.decodeWeights(encoded(format), format, network.ceiling)));
      for (const ber of RATES) {
        const bits = snn.weightBits(format);
        const image = snn.packCodes(encoded(format), bits);
        snn.flipUniformly(image, ber, seed);
        const read = snn.unpackCodes(image, bits, network.weights.length);
        const assumed = Number(values['assumed-ber'] ?? ber);
        const tables = snn.learnContextTables(
          { fields: prior, weights: prior.weights },
          format,
          assumed,
          network.ceiling,
        );
        for (const repair of REPAIRS) {
          const weights = snn.loadWeights(read, format, repair, network, tables);
          note(format, ber, repair, () => accuracyOf(weights));
          if (!values.adapted.split(',').includes(repair)) continue;
          const labelled = (theta) =>
            snn.collectResponses({ ...network, weights, theta }, labelling, 0, labelling.count, seed);
          note(format, ber, `${repair} + labels`, () =>
            accuracyOf(weights, network.theta, labelled(network.theta)),
          );
          note(format, ber, `${repair} + thresholds`, () => {
            const settings = { presentations: Number(values.adapt), rateMv: snn.ADAPTATION_RATE, seed };
            const theta = snn.adaptThresholds(network, weights, labelling, settings);
            return accuracyOf(weights, theta, labelled(theta));
          });
        }
      }
    }
  }
}

/** A table of means over seeds: a row a repair, a column a network, format and rate. */
function overview(lines) {
  const damaged = lines.filter(({ ber }) => ber > 0);
  const caseOf = ({ network, format, ber }) => `${network} ${format} ${ber}`;
  const cases = [...new Set(damaged.map(caseOf))];
  console.log(`| repair | ${cases.join(' | ')} |\n|---|${'---|'.repeat(cases.length)}`);
  for (const repair of new Set(damaged.map((line) => line.repair))) {
    const means = cases.map((name) => {
      const own = damaged.filter((line) => line.repair === repair && caseOf(line) === name);
      if (own.length === 0) return '';
      return (own.reduce((sum, { accuracy }) => sum + 100 * accuracy, 0) / own.length).toFixed(2);
    });
    console.log(`| \`${repair}\` | ${means.join(' | ')} |`);
  }
}

/**
 * Two tables a network and format, with Student's 95 % intervals over seeds, in points: accuracy at each rate and the gain
 * over `clamp`; the gain over no repair and the loss against the clean weights.
 */
async function summarise() {
  const { meanInterval, pairedDifference } = await from('stats/student');
  const lines = readRecord();
  overview(lines);
  const shown = ({ estimate, high }) => `${estimate.toFixed(2)} ± ${(high - estimate).toFixed(2)}`;
  for (const title of new Set(lines.map(titleOf))) {
    const group = lines.filter((line) => titleOf(line) === title);
    const rates = [...new Set(group.map(({ ber }) => ber))].filter((ber) => ber > 0);
    const bySeed = (repair, ber) => {
      const own = group.filter((line) => line.repair === repair && line.ber === ber);
      return own.sort((a, b) => a.seed - b.seed).map(({ accuracy }) => accuracy * 100);
    };
    const repairs = [...new Set(group.map((line) => line.repair))].filter((repair) => repair !== 'clean');
    const clean = bySeed('clean', 0);
    const print = (headings, cellsOf) => {
      console.log(`| repair | ${rates.flatMap((ber) => headings.map((h) => `${ber}: ${h}`)).join(' | ')} |`);
      console.log(`|---|${'---|'.repeat(rates.length * headings.length)}`);
      for (const repair of repairs)
        console.log(`| \`${repair}\` | ${rates.flatMap((ber) => cellsOf(repair, ber)).join(' | ')} |`);
    };
    console.log(`\n${title}, clean ${shown(meanInterval(clean))}, ${clean.length} seeds\n`);
    const over = (values, others) => shown(pairedDifference(values, others));
    print(['accuracy', 'over `clamp`'], (repair, ber) => {
      const values = bySeed(repair, ber);
      return [shown(meanInterval(values)), repair === 'clamp' ? '' : over(values, bySeed('clamp', ber))];
    });
    console.log('');
    print(['over `none`', 'below clean'], (repair, ber) => {
      const values = bySeed(repair, ber);
      return [repair === 'none' ? '' : over(values, bySeed('none', ber)), over(clean, values)];
    });
  }
}

function readRecord() {
  if (!existsSync(record)) return [];
  const lines = readFileSync(record, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

function keyOf({ network, format, ber, repair, seed }) {
  return JSON.stringify([network, format, ber, repair, seed]);
}

function titleOf({ network, format }) {
  return `${network}, ${format}`;
}

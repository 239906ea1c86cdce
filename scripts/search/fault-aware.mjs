// The search behind `train --fault-aware` (docs/fault-aware-training.md). Trains each candidate, damages its weights by
// the same masks as its control's, and appends one JSON line a (candidate, seed, case, mask) to a record.
//
//   npm run build
//   node scripts/search/fault-aware.mjs RECORD.jsonl --candidates control,headroom-2 [--network 400] [--seeds 1,2,3]
//        [--masks 1,2,3] [--cases NAME,...] [--presentations 60000] [--images 5000] [--dist dist]
//   node scripts/search/fault-aware.mjs RECORD.jsonl --summary
//
// All accuracies are of validation images (the first --images of MNIST's last 10 000 training images), labels from the
// first 10 000 training images shown to the weights as read under the very mask, vote "likelihood".
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CANDIDATES, CASES } from './candidates.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    summary: { type: 'boolean', default: false },
    candidates: { type: 'string', default: 'control' },
    network: { type: 'string', default: '400' },
    seeds: { type: 'string', default: '1,2,3' },
    masks: { type: 'string', default: '1,2,3' },
    cases: { type: 'string', default: Object.keys(CASES).join() },
    presentations: { type: 'string', default: '60000' },
    images: { type: 'string', default: '5000' },
    dist: { type: 'string', default: 'dist' },
  },
});
const record = positionals[0];
const folder = resolve(values.dist);
/** Bound of weights while they learn. */
const CEILING = 1;
const from = (file) => import(`${folder}/${file}.js`);
const numbers = (text) => text.split(',').map(Number);

if (values.summary) await summarise();
else await search();

async function search() {
  const snn = {
    ...(await from('snn/train')),
    ...(await from('snn/recipes')),
    ...(await from('snn/label')),
    ...(await from('snn/predict')),
    ...(await from('snn/weight-format')),
    ...(await from('faults/uniform-flips')),
    ...(await from('sparkxd/repair-on-load')),
    ...(await from('sparkxd/adapt-thresholds')),
  };
  const { readDataset } = await from('inputs/read-dataset');
  const { sliceImages } = await from('datasets/dataset');
  const { train } = await readDataset('mnist');
  const validation = sliceImages(train, 50_000, 50_000 + Number(values.images));
  const labelling = sliceImages(train, 0, 10_000);
  const neurons = Number(values.network);
  const presentations = Number(values.presentations);

  for (const seed of numbers(values.seeds)) {
    for (const name of values.candidates.split(',')) {
      const candidate = CANDIDATES[name];
      if (!candidate) throw new Error(`no candidate "${name}"`);
      const plain = {
        ...snn.defaultRecipe(neurons, { name: 'mnist', train }, seed),
        presentations,
        storage: 'fp32',
      };
      const recipe = candidate.recipe ? candidate.recipe(plain) : plain;
      let shared;
      for (const caseName of values.cases.split(',')) {
        const given = { ...CASES[caseName], ...(candidate.case ?? {}) };
        for (const mask of numbers(values.masks)) {
          const read = readerOf(snn, given, mask);
          let network;
          if (candidate.training) {
            const hook = candidate.training({ snn, given, mask, read, presentations, readerOf });
            network = snn.trainNetwork(recipe, train, { read: hook });
          } else network = shared ??= snn.trainNetwork(recipe, train);
          const stored = candidate.prunes ? candidate.prunes(read)(network.weights) : network.weights;
          let damaged = { ...network, weights: read(stored) };
          if (candidate.adapt) {
            const responses = snn.collectResponses(network, labelling, 0, labelling.count, seed);
            const theta = candidate.adapt({ snn, network: { ...network, responses }, damaged, train, seed });
            damaged = { ...damaged, theta };
          }
          const labelled = candidate.labels === 'clean' ? network : damaged;
          const accuracy = accuracyOf(snn, damaged, labelled, labelling, validation, seed);
          const line = { neurons, presentations, candidate: name, case: caseName, seed, mask, accuracy };
          appendFileSync(record, `${JSON.stringify(line)}\n`);
        }
      }
    }
  }
}

/** The weights as read: in the case's format, with the mask's flips, repaired. */
function readerOf(snn, { format, repair, ber }, mask) {
  const bits = snn.weightBits(format);
  let flips;
  return (weights) => {
    const codes = snn.encodeWeights(weights, format, CEILING);
    if (!flips) {
      const image = snn.packCodes(new Uint32Array(codes.length), bits);
      snn.flipUniformly(image, ber, 1_000 + mask);
      flips = snn.unpackCodes(image, bits, codes.length);
    }
    for (let k = 0; k < codes.length; k++) codes[k] = (codes[k] ^ flips[k]) >>> 0;
    return snn.loadWeights(codes, format, repair, {
      imageRows: 28,
      imageColumns: 28,
      neurons: codes.length / 784,
      weightSum: 78.4,
      ceiling: CEILING,
      likeliest: 0,
    });
  };
}

function accuracyOf(snn, network, labelled, labelling, validation, seed) {
  const responses = snn.collectResponses(labelled, labelling, 0, labelling.count, seed);
  const settings = { responses, vote: 'likelihood', seed };
  const [classes] = snn.predictVariants(
    network,
    [network.weights],
    validation,
    0,
    validation.count,
    settings,
  );
  return (
    classes.reduce((correct, c, k) => correct + (c === validation.labels[k] ? 1 : 0), 0) / validation.count
  );
}

async function summarise() {
  if (!existsSync(record)) throw new Error(`no record ${record}`);
  const lines = readFileSync(record, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { meanInterval } = await from('stats/student');
  const of = (where) =>
    lines.filter((line) => Object.entries(where).every(([key, value]) => line[key] === value));
  const percent = (x) => (100 * x).toFixed(1);
  const mean = (xs) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
  for (const neurons of new Set(lines.map((line) => line.neurons)))
    for (const presentations of new Set(of({ neurons }).map((line) => line.presentations)))
      for (const caseName of new Set(of({ neurons, presentations }).map((line) => line.case))) {
        console.log(
          `\n| N${neurons}, ${presentations}: ${caseName} | accuracy | control | gain | of the loss |\n|---|---|---|---|---|`,
        );
        for (const candidate of new Set(
          of({ neurons, presentations, case: caseName }).map((line) => line.candidate),
        )) {
          const own = of({ neurons, presentations, case: caseName, candidate });
          // A seed's masks share one network: seeds are the independent sample, masks are averaged within each.
          const bySeed = [...new Set(own.map(({ seed }) => seed))].flatMap((seed) => {
            const at = { neurons, presentations, seed };
            const control = of({ ...at, case: caseName, candidate: 'control' });
            const clean = of({ ...at, case: 'clean', candidate: 'control' })[0]?.accuracy;
            const pairs = own
              .filter((line) => line.seed === seed)
              .flatMap((line) => {
                const other = control.find(({ mask }) => mask === line.mask);
                return other ? [[line.accuracy, other.accuracy]] : [];
              });
            if (pairs.length === 0) return [];
            const [a, b] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))];
            return [{ a, b, gain: a - b, share: (a - b) / (clean - b) }];
          });
          if (bySeed.length === 0) continue;
          const gain = meanInterval(bySeed.map((x) => x.gain));
          const share = meanInterval(bySeed.map((x) => x.share));
          const range = (i, f) => (bySeed.length > 1 ? ` (${f(i.low)} to ${f(i.high)})` : '');
          const points = (x) => `${x >= 0 ? '+' : ''}${percent(x)}`;
          console.log(
            `| ${candidate} (${bySeed.length} x ${own.length / bySeed.length}) | ${percent(mean(bySeed.map((x) => x.a)))} | ${percent(mean(bySeed.map((x) => x.b)))} | ${points(gain.estimate)}${range(gain, points)} | ${percent(share.estimate)} %${range(share, percent)} |`,
          );
        }
      }
}

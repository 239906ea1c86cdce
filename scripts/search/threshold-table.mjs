// The table "One shift of all thresholds" of docs/repair.md: the thresholds as trained, shifted as searched, and adapted,
// under the same errors.
//
//   npm run build
//   node scripts/search/threshold-table.mjs RECORD.jsonl [--networks n400-mnist,n400-fashion-mnist] [--seeds 1,2,3]
//        [--bers 0,0.01,0.1] [--repair zero] [--format fp32] [--search 2000] [--images 2000] [--dist dist]
//   node scripts/search/threshold-table.mjs RECORD.jsonl --summary
//
// A seed draws the flips and the input spikes, as in `sparkxd evaluate --ber`. Policies: `as read`; `shift`
// (--optimise-threshold N, N labelled training images); `adapted` (the same number of unlabelled ones, labels as shipped);
// `adapted + labels` (--adapt N: labels anew from all 50 000 labelling images, too). The record has one mark an image. What
// it has is not measured again.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    summary: { type: 'boolean', default: false },
    networks: { type: 'string', default: 'n400-mnist,n400-fashion-mnist' },
    seeds: { type: 'string', default: '1,2,3' },
    bers: { type: 'string', default: '0,0.01,0.1' },
    repair: { type: 'string', default: 'zero' },
    format: { type: 'string', default: 'fp32' },
    search: { type: 'string', default: '2000' },
    images: { type: 'string', default: '2000' },
    dist: { type: 'string', default: 'dist' },
  },
});
const [record] = positionals;
const from = (file) => import(`${resolve(values.dist)}/${file}.js`);

if (values.summary) await summarise();
else await measure();

async function measure() {
  const { readDataset } = await from('inputs/read-dataset');
  const { readNetwork } = await from('inputs/read-network');
  const { sliceImages } = await from('datasets/dataset');
  const { trainingShare } = await from('snn/recipes');
  const { predictVariants } = await from('snn/predict');
  const { collectResponses } = await from('snn/label');
  const { keepKernel } = await from('snn/kernel/keep-kernel');
  const { uniformErrors } = await from('sparkxd/tolerance-damage');
  const { loadWeights } = await from('sparkxd/repair-on-load');
  const { marksOf, scoreMarks } = await from('sparkxd/accuracy');
  const { ADAPTATION_RATE, adaptThresholds } = await from('sparkxd/adapt-thresholds');
  const { searchThresholdShift, shiftedThresholds } = await from('sparkxd/optimise-thresholds');
  const kernelFor = keepKernel();
  const measured = new Set(readRecord().map(keyOf));

  for (const name of values.networks.split(',')) {
    const { network } = await readNetwork(name);
    const dataset = await readDataset(name.slice(name.indexOf('-') + 1));
    const test = sliceImages(dataset.test, 0, Number(values.images));
    const labelling = sliceImages(dataset.train, 0, trainingShare(dataset.train.count));
    const shown = sliceImages(labelling, 0, Number(values.search));
    for (const seed of values.seeds.split(',').map(Number))
      for (const ber of values.bers.split(',').map(Number)) {
        const conditions = { format: values.format, ecc: 'none', device: undefined };
        const { codes } = uniformErrors(network, conditions)(ber, seed);
        const weights = loadWeights(codes, values.format, values.repair, network, undefined);
        const marksWith = (theta, images, responses = network.responses) => {
          const settings = { responses, vote: 'likelihood', seed };
          const of = { ...network, theta };
          const [classes] = predictVariants(of, [weights], images, 0, images.count, settings, kernelFor);
          return marksOf(classes, images);
        };
        const note = async (policy, work) => {
          const line = { network: name, ber, seed, policy };
          if (measured.has(keyOf(line))) return;
          const { marks, ...found } = await work();
          appendFileSync(record, `${JSON.stringify({ ...line, ...found, marks: [...marks].join('') })}\n`);
        };
        await note('as read', async () => ({ marks: marksWith(network.theta, test) }));
        await note('shift', async () => {
          const found = await searchThresholdShift(async (shifts) =>
            shifts.map((shift) => scoreMarks(marksWith(shiftedThresholds(network, shift), shown)).accuracy),
          );
          return { ...found, marks: marksWith(shiftedThresholds(network, found.shiftMv), test) };
        });
        const adaptation = { presentations: shown.count, rateMv: ADAPTATION_RATE, seed };
        const adapted = adaptThresholds(network, weights, labelling, adaptation);
        await note('adapted', async () => ({ marks: marksWith(adapted, test) }));
        if (ber > 0)
          await note('adapted + labels', async () => {
            const of = { ...network, weights, theta: adapted };
            const responses = collectResponses(of, labelling, 0, labelling.count, seed, kernelFor);
            return { marks: marksWith(adapted, test, responses) };
          });
      }
  }
}

/** Means over the seeds; differences are paired image by image, their intervals over images (Agresti and Min). */
async function summarise() {
  const { pairedShares } = await from('stats/crossed');
  const lines = readRecord();
  const shown = ({ estimate, low, high }) =>
    [estimate, low, high].map((share) => (100 * share).toFixed(2)).join(' / ');
  const meanMarks = (group) => {
    const rows = group.map(({ marks }) => [...marks].map(Number));
    return rows[0].map((_, image) => rows.reduce((sum, row) => sum + row[image], 0) / rows.length);
  };
  const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  console.log(
    '| network | rate | policy | accuracy | gain: mean / low / high | of each seed | shifts, mV |\n|---|---|---|---|---|---|---|',
  );
  for (const name of new Set(lines.map(({ network }) => network)))
    for (const ber of new Set(lines.map((line) => line.ber))) {
      const of = (policy) =>
        lines
          .filter((line) => line.network === name && line.ber === ber && line.policy === policy)
          .sort((a, b) => a.seed - b.seed);
      const policies = [...new Set(lines.map(({ policy }) => policy))].filter(
        (policy) => of(policy).length > 0,
      );
      const gainOver = (policy, control) => pairedShares(meanMarks(of(policy)), meanMarks(of(control)));
      for (const policy of policies) {
        const marks = meanMarks(of(policy));
        const each = of(policy).map((line, i) =>
          (100 * (mean([...line.marks].map(Number)) - mean([...of('as read')[i].marks].map(Number)))).toFixed(
            2,
          ),
        );
        const gain = policy === 'as read' ? '' : shown(gainOver(policy, 'as read'));
        const shifts = of(policy).map(({ shiftMv }) => shiftMv ?? '');
        console.log(
          `| ${name} | ${ber} | ${policy} | ${(100 * mean(marks)).toFixed(2)} | ${gain} | ${each.join(', ')} | ${shifts.join(' ')} |`,
        );
      }
      for (const other of ['adapted', 'adapted + labels'])
        if (of(other).length > 0) console.log(`shift over ${other}: ${shown(gainOver('shift', other))}`);
    }
}

function readRecord() {
  if (!existsSync(record)) return [];
  const lines = readFileSync(record, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

function keyOf({ network, ber, seed, policy }) {
  return JSON.stringify([network, ber, seed, policy]);
}

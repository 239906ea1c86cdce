// The study of fault-aware training by surrogate gradients (docs/supervised-training.md). Trains, for each format and seed, a control
// without errors and networks under errors by each curriculum, all of as many steps from the same weights, and counts the test images
// that each gets right under masks that no training has met. Appends one JSON line a network to a record, and goes on where a record ends.
//
//   npm run build
//   node scripts/search/supervised.mjs RECORD.jsonl [--dataset mnist] [--formats fp16,int8] [--seeds 1,2,3,4,5] [--masks 10]
//        [--curricula step,linear,mixed] [--epochs 5] [--repair zero] [--train-at each|largest] [--images N] [--dist dist]
//   node scripts/search/supervised.mjs RECORD.jsonl --summary > RECORD.csv
//
// The bit error rates are those at which the control of the first seed loses 3, 10 and 30 points of the validation images (mean of 5
// masks of other seeds than the test's). A network trained under errors meets that rate in training, but no chip and no map.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    summary: { type: 'boolean', default: false },
    dataset: { type: 'string', default: 'mnist' },
    formats: { type: 'string', default: 'fp16,int8' },
    seeds: { type: 'string', default: '1,2,3,4,5' },
    masks: { type: 'string', default: '10' },
    curricula: { type: 'string', default: 'step,linear,mixed' },
    epochs: { type: 'string', default: '5' },
    repair: { type: 'string', default: 'zero' },
    ceiling: { type: 'string', default: '0.25' },
    'train-at': { type: 'string', default: 'each' },
    images: { type: 'string' },
    dist: { type: 'string', default: 'dist' },
  },
});
const record = positionals[0];
const from = (file) => import(`${resolve(values.dist)}/${file}.js`);
const LOSSES = [0.03, 0.1, 0.3];
const VALIDATION_MASKS = 5;
/** Seed of the masks by which the rates are chosen; those of the test are the networks' own seeds. */
const VALIDATION_SEED = 1_000_003;
const lines = existsSync(record)
  ? readFileSync(record, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  : [];

if (values.summary) await summarise();
else await study();

async function study() {
  const { openSupervisedTraining } = await from('snn/supervised/train');
  const { createClassifier } = await from('snn/supervised/classify');
  const { seeRounded, seeThroughErrors } = await from('sparkxd/supervised-errors');
  const { marksUnderErrors, shareOf } = await from('experiments/training/compare-surrogate');
  const { readDataset } = await from('inputs/read-dataset');
  const { sliceImages } = await from('datasets/dataset');
  const { trainingShare } = await from('snn/recipes');
  const { train, test } = await readDataset(values.dataset);
  const trainingImages = Number(values.images ?? trainingShare(train.count));
  const held = sliceImages(train, trainingShare(train.count), train.count);
  const { repair } = values;

  for (const format of values.formats.split(',')) {
    let rates = lines.find((line) => line.format === format && line.rates)?.rates;
    for (const seed of values.seeds.split(',').map(Number)) {
      const recipe = recipeOf(format, seed);
      const classifier = createClassifier(recipe);
      const weightsOf = (see) => {
        const training = openSupervisedTraining(recipe, train, { see });
        training.advance(Number.POSITIVE_INFINITY);
        return training.weights();
      };
      const marks = (weights, ber, count, images, by = recipe) =>
        marksUnderErrors(classifier, by, { repair, ber }, weights, images, count);
      const measure = (arm, ber, weights) =>
        note({
          ...{ format, seed, arm, trained_at: ber },
          clean: shareOf(marks(weights, 0, 1, test)),
          under: rates.map((rate) => ({
            ber: rate,
            right: marks(weights, rate, Number(values.masks), test).map((row) => shareOf([row])),
          })),
        });

      const todo = (arm, ber) =>
        !lines.some((l) => l.format === format && l.seed === seed && l.arm === arm && l.trained_at === ber);
      if (!rates || todo('control', 0)) {
        const control = weightsOf(seeRounded(format));
        if (!rates) {
          const clean = shareOf(marks(control, 0, 1, held));
          const loses = (ber) =>
            clean -
            shareOf(marks(control, ber, VALIDATION_MASKS, held, { ...recipe, seed: VALIDATION_SEED }));
          rates = LOSSES.map((loss) => rateThatLoses(loses, loss));
          note({ format, rates, chosen_with: seed });
        }
        if (todo('control', 0)) measure('control', 0, control);
      }
      for (const curriculum of values.curricula.split(','))
        for (const ber of values['train-at'] === 'each' ? rates : rates.slice(-1))
          if (todo(curriculum, ber))
            measure(
              curriculum,
              ber,
              weightsOf(seeThroughErrors(format, { curriculum, ber, repair, errorSeed: seed })),
            );
    }
  }

  function recipeOf(format, seed) {
    const ceiling = Number(values.ceiling);
    return {
      ...{
        layers: [train.rows * train.columns, 256, train.classes],
        seed,
        trainingImages,
        epochs: Number(values.epochs),
        batch: 128,
      },
      ...{
        learningRate: 0.002,
        schedule: 'linear',
        steps: 20,
        timeStepS: 0.001,
        tauS: 0.01,
        threshold: 1,
        reset: 'subtract',
      },
      ...{
        input: 'current',
        objective: 'potential',
        surrogate: 'arctangent',
        slope: 2,
        ceilings: [ceiling, ceiling],
        format,
      },
    };
  }
}

/** The rate, to two digits, at which the loss reaches `loss`: by bisection of the exponent. */
function rateThatLoses(loses, loss) {
  let [low, high] = [-5, -0.5];
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    if (loses(10 ** middle) < loss) low = middle;
    else high = middle;
  }
  return Number((10 ** high).toPrecision(2));
}

function note(line) {
  lines.push(line);
  appendFileSync(record, `${JSON.stringify(line)}\n`);
}

/** One row a format, curriculum and rate: gain over the control and the share of its loss that comes back, with intervals over seeds. */
async function summarise() {
  const { studentQuantile } = await from('stats/student');
  const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length;
  const interval = (list) => {
    const centre = mean(list);
    const spread = Math.sqrt(
      list.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (list.length - 1) / list.length,
    );
    const half =
      list.length > 1 ? studentQuantile(0.975, list.length - 1) * spread : Number.POSITIVE_INFINITY;
    return [centre, centre - half, centre + half];
  };
  const rows = [
    'format,curriculum,ber,seeds,masks,control_clean,aware_clean,control_loss,gain,gain_low,gain_high,beyond_half,beyond_half_low,beyond_half_high',
  ];
  const networks = lines.filter(({ arm }) => arm);
  const keys = new Set(
    networks.filter(({ arm }) => arm !== 'control').map((l) => `${l.format} ${l.arm} ${l.trained_at}`),
  );
  for (const key of keys) {
    const [format, arm, at] = key.split(' ');
    const aware = networks.filter((l) => l.format === format && l.arm === arm && l.trained_at === Number(at));
    const rates = values['train-at'] === 'each' ? [Number(at)] : aware[0].under.map(({ ber }) => ber);
    for (const ber of rates) {
      const pairs = aware.map((own) => {
        const control = networks.find(
          (l) => l.format === format && l.arm === 'control' && l.seed === own.seed,
        );
        const right = (network) => network.under.find((each) => each.ber === ber).right;
        const gain = mean(right(own).map((share, mask) => share - right(control)[mask]));
        const loss = control.clean - mean(right(control));
        return {
          gain,
          loss,
          clean: control.clean,
          own: own.clean,
          beyond: gain - loss / 2,
          masks: right(own).length,
        };
      });
      const cells = [
        ...[mean(pairs.map((p) => p.clean)), mean(pairs.map((p) => p.own)), mean(pairs.map((p) => p.loss))],
        ...interval(pairs.map((p) => p.gain)),
        ...interval(pairs.map((p) => p.beyond)),
      ].map((share) => (100 * share).toFixed(2));
      rows.push([format, arm, ber, pairs.length, pairs[0].masks, ...cells].join());
    }
  }
  console.log(rows.join('\n'));
}

// Candidates and cases of the search in fault-aware.mjs.

export const CASES = {
  clean: { format: 'fp32', repair: 'none', ber: 0 },
  'fp32-clamp-3e-2': { format: 'fp32', repair: 'clamp', ber: 3e-2 },
  'fp32-clamp-1e-1': { format: 'fp32', repair: 'clamp', ber: 1e-1 },
  'int8-clamp-1e-1': { format: 'int8', repair: 'clamp', ber: 1e-1 },
  'fp32-none-1e-6': { format: 'fp32', repair: 'none', ber: 1e-6 },
  'fp32-none-1e-5': { format: 'fp32', repair: 'none', ber: 1e-5 },
  'fp32-none-1e-4': { format: 'fp32', repair: 'none', ber: 1e-4 },
  'fp32-none-1e-3': { format: 'fp32', repair: 'none', ber: 1e-3 },
  'int8-none-3e-2': { format: 'int8', repair: 'none', ber: 3e-2 },
};

/**
 * The same network with all voltages and weights multiplied: the same spikes, except that weights still end at 1. So
 * weights may use more of the range, and a flipped bit, which moves a weight by at most the range, weighs less.
 */
export const headroom = (factor) => (recipe) => {
  const { restPotentialMv: rest, thresholdMv, resetPotentialMv, inhibitionMv } = recipe.constants;
  const times = ({ from, to }) => ({ from: from * factor, to: to * factor });
  return {
    ...recipe,
    weightSum: recipe.weightSum * factor,
    initialWeight: Math.min(1, recipe.initialWeight * factor),
    preRate: recipe.preRate * factor,
    postRate: times(recipe.postRate),
    thetaPlusMv: times(recipe.thetaPlusMv),
    constants: {
      ...recipe.constants,
      thresholdMv: rest + factor * (thresholdMv - rest),
      resetPotentialMv: rest + factor * (resetPotentialMv - rest),
      inhibitionMv: inhibitionMv * factor,
    },
  };
};

/** Presentations between two readings of the weights. */
const READ_EVERY = 250;

/** Training on the very mask of the evaluation; `rate` gives its bit error rate over the run, nested masks. */
const ownMap =
  (rate = (target) => target, change = {}) =>
  ({ given, mask, presentations, readerOf, snn }) => {
    const soundly = readerOf(snn, { ...given, ...change, ber: 0 }, mask);
    return (stored, presentation) => {
      if (presentation % READ_EVERY !== 0) return undefined;
      const ber = rate(given.ber, presentation / presentations);
      const read = readerOf(snn, { ...given, ...change, ber }, mask);
      return { weights: read(stored()), intended: soundly(stored()) };
    };
  };

/**
 * Fault-aware pruning: a weight that would be read as one that no network learns is stored as 0. Of 0 a flip of the top
 * exponent bit makes 2, of any other weight 1e38 or so.
 */
const pruned = (read) => (weights) => {
  const given = read(weights);
  return weights.map((weight, k) => (Math.abs(given[k]) <= 1 ? weight : 0));
};

const ownMapPruned = (about) => {
  const { read } = about;
  const prune = pruned(read);
  const reading = ownMap()(about);
  return (stored, presentation) => reading(() => prune(stored()), presentation);
};

/** The same with another mask at each reading, none of which is one of the evaluation's. */
const freshMaps =
  (rate = (target) => target) =>
  (about) =>
  (stored, presentation) =>
    ownMap(rate)({ ...about, mask: 1_000_000 + presentation })(stored, presentation);

/** SparkXD's way: the rate rises by powers over the run. */
const rising = (target, progress) => target * 10 ** (3 * (Math.min(1, progress * 1.25) - 1));

/** Thresholds re-adapted to the weights as read under the mask. */
const adapted = ({ snn, network, damaged, train, seed }) =>
  snn.adaptThresholds(network, damaged.weights, train, {
    presentations: 20_000,
    rateMv: snn.ADAPTATION_RATE,
    seed,
  });

/** The same for weights that learnt under the mask: every neuron is to give the mean number of spikes. */
const adaptedFromRead = ({ snn, network, damaged, train, seed }) => {
  const { spikes, images } = network.responses;
  const each = Math.round(spikes.reduce((sum, count) => sum + count, 0) / spikes.length);
  const even = { spikes: spikes.map(() => each), images };
  return adapted({ snn, network: { ...network, responses: even }, damaged, train, seed });
};

export const CANDIDATES = {
  control: {},
  'headroom-1.5': { recipe: headroom(1.5) },
  'headroom-2': { recipe: headroom(2) },
  'headroom-2.5': { recipe: headroom(2.5) },
  'headroom-3': { recipe: headroom(3) },
  fresh: { training: freshMaps() },
  'fresh-rising': { training: freshMaps(rising) },
  own: { training: ownMap() },
  'own-rising': { training: ownMap(rising) },
  adapt: { adapt: adapted },
  'headroom-1.5-adapt': { recipe: headroom(1.5), adapt: adapted },
  'headroom-2-adapt': { recipe: headroom(2), adapt: adapted },
  'headroom-1.5-own': { recipe: headroom(1.5), training: ownMap() },
  'headroom-2-own': { recipe: headroom(2), training: ownMap() },
  'headroom-2-own-rising': { recipe: headroom(2), training: ownMap(rising) },
  'headroom-2-fresh': { recipe: headroom(2), training: freshMaps() },
  'headroom-1.5-own-rising': { recipe: headroom(1.5), training: ownMap(rising) },
  'headroom-1.75-own': { recipe: headroom(1.75), training: ownMap() },
  'headroom-2-own-adapt': { recipe: headroom(2), training: ownMap(), adapt: adaptedFromRead },
  'own-pruned': { training: ownMapPruned, prunes: pruned },
  'headroom-2-own-pruned': { recipe: headroom(2), training: ownMapPruned, prunes: pruned },
  'headroom-2-pruned': { recipe: headroom(2), prunes: pruned },
  pruned: { prunes: pruned },
  'clean-labels': { labels: 'clean' },
  'own-repaired-view': { training: ownMap(undefined, { repair: 'sum' }) },
  sparse: { recipe: (recipe) => ({ ...recipe, preRate: 2 * recipe.preRate }) },
  short: { recipe: (recipe) => ({ ...recipe, encoding: { ...recipe.encoding, steps: 50 } }) },
  long: { recipe: (recipe) => ({ ...recipe, encoding: { ...recipe.encoding, steps: 200 } }) },
  dim: { recipe: (recipe) => ({ ...recipe, encoding: { ...recipe.encoding, maximumRateHz: 64 } }) },
  'headroom-2-own-sparse': {
    recipe: (recipe) => headroom(2)({ ...recipe, preRate: 2 * recipe.preRate }),
    training: ownMap(),
  },
  'headroom-2-own-steep': {
    recipe: (recipe) => headroom(2)({ ...recipe, thetaPlusMv: { from: 0.2, to: 0.02 } }),
    training: ownMap(),
  },
};

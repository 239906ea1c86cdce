import { describe, expect, it } from 'vitest';
import { crossedLoss, crossedProportion, pairedShares } from '../../src/stats/crossed.ts';
import { normalCdf } from '../../src/stats/normal.ts';
import { wilson } from '../../src/stats/wilson.ts';
import { FULL } from '../effort.ts';

/** Uniform numbers in [0, 1) of Marsaglia's 32-bit xorshift, the first of which are left out. */
function uniform(seed: number): () => number {
  let state = seed;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let k = 0; k < 20; k++) next();
  return next;
}

/** Standard normal by the polar form of Box and Muller. */
const normal = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

interface Experiment {
  readonly masks: number;
  readonly images: number;
  /** Standard deviation, on the logistic scale, of masks and of images. */
  readonly ofMasks: number;
  readonly ofImages: number;
  readonly level: number;
}

/** Expected share right: mean of the logistic of a normal variable, by the midpoint rule. */
function expected({ ofMasks, ofImages, level }: Experiment): number {
  const scale = Math.hypot(ofMasks, ofImages);
  let sum = 0;
  let weights = 0;
  for (let z = -8; z <= 8; z += 0.01) {
    sum += Math.exp((-z * z) / 2) * logistic(level + scale * z);
    weights += Math.exp((-z * z) / 2);
  }
  return sum / weights;
}

function draw({ masks, images, ofMasks, ofImages, level }: Experiment, next: () => number): Uint8Array[] {
  const difficulty = Float64Array.from({ length: images }, () => ofImages * normal(next));
  return Array.from({ length: masks }, () => {
    const damage = ofMasks * normal(next);
    return Uint8Array.from(difficulty, (one) => (next() < logistic(level + damage + one) ? 1 : 0));
  });
}

const EXPERIMENTS: readonly (readonly [string, Experiment])[] = [
  ['images alone differ', { masks: 8, images: 200, ofMasks: 0, ofImages: 6, level: 8 }],
  ['masks alone differ', { masks: 8, images: 200, ofMasks: 0.6, ofImages: 0, level: 1 }],
  ['both differ', { masks: 8, images: 200, ofMasks: 0.5, ofImages: 3, level: 3 }],
  ['four masks', { masks: 4, images: 300, ofMasks: 0.3, ofImages: 3, level: 3 }],
  ['sixteen masks', { masks: 16, images: 100, ofMasks: 0.5, ofImages: 3, level: 2 }],
];

describe('the interval over masks and images', () => {
  // A thousand experiments each: `npm test` makes those where both differ.
  it.each(EXPERIMENTS.filter(([, { ofMasks, ofImages }]) => FULL || ofMasks * ofImages > 0))(
    'covers the expected accuracy about 95 times in 100: %s',
    (_name, experiment) => {
      const next = uniform(20);
      const truth = expected(experiment);
      const repeats = 1000;
      let covered = 0;
      for (let k = 0; k < repeats; k++) {
        const { low, high } = crossedProportion(draw(experiment, next));
        if (low <= truth && truth <= high) covered++;
      }
      expect(covered / repeats).toBeGreaterThan(0.93);
      expect(covered / repeats).toBeLessThan(0.97);
    },
  );

  it('covers the mean of a beta-binomial, each mask with images of its own', () => {
    const next = uniform(5);
    // Beta(6, 2) as the sixth of seven ordered uniform numbers; its mean is 3/4.
    const beta = (): number => Array.from({ length: 7 }, next).sort((a, b) => a - b)[5]!;
    let covered = 0;
    for (let k = 0; k < 2000; k++) {
      const marks = Array.from({ length: 8 }, () => {
        const p = beta();
        return Uint8Array.from({ length: 100 }, () => (next() < p ? 1 : 0));
      });
      const { low, high } = crossedProportion(marks);
      if (low <= 0.75 && 0.75 <= high) covered++;
    }
    expect(covered / 2000).toBeGreaterThan(0.93);
    expect(covered / 2000).toBeLessThan(0.97);
  });

  it("is Wilson's of the images where all masks agree", () => {
    for (const right of [0, 1, 150, 187, 200]) {
      const mask = Uint8Array.from({ length: 200 }, (_, image) => (image < right ? 1 : 0));
      const { low, high, estimate } = crossedProportion([mask, mask, mask, mask]);
      const alone = wilson(right, 200);
      expect([estimate, low, high]).toEqual(
        [alone.estimate, alone.low, alone.high].map((value) => expect.closeTo(value, 9)),
      );
    }
  });

  it('stays within 0 and 1 and around its estimate, whatever the marks', () => {
    const next = uniform(3);
    for (let k = 0; k < 300; k++) {
      const level = 12 * (next() - 0.5);
      const experiment = { masks: 2 + (k % 4), images: 1 + (k % 30), ofMasks: 4, ofImages: 3, level };
      const { low, high, estimate } = crossedProportion(draw(experiment, next));
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(estimate);
      expect(high).toBeGreaterThanOrEqual(estimate);
      expect(high).toBeGreaterThan(low);
    }
  });

  it('knows nothing of other masks from one', () => {
    expect(crossedProportion([Uint8Array.of(1, 1, 0, 1)])).toMatchObject({ estimate: 0.75, low: 0, high: 1 });
    expect(() => crossedProportion([Uint8Array.of(1), Uint8Array.of(1, 0)])).toThrow(RangeError);
    expect(() => crossedProportion([])).toThrow(RangeError);
  });
});

describe('what errors cost', () => {
  const experiment = { masks: 8, images: 200, ofMasks: 0.5, ofImages: 3, level: 3 };

  it('covers the expected loss, and the next mask on new images, about 95 times in 100', () => {
    const next = uniform(8);
    const noise = 0.4;
    // Without errors an image is right by its difficulty alone; every mask lowers all levels.
    const trial = (masks: number): { clean: Uint8Array; marks: Uint8Array[] } => {
      const difficulty = Float64Array.from({ length: experiment.images }, () => 3 * normal(next));
      const clean = Uint8Array.from(difficulty, (one) => (one + 3 > 0 ? 1 : 0));
      const marks = Array.from({ length: masks }, () => {
        const damage = 1 + noise * normal(next);
        return Uint8Array.from(difficulty, (one) => (one + 3 - damage > 0 ? 1 : 0));
      });
      return { clean, marks };
    };
    const lossOf = (clean: Uint8Array, mark: Uint8Array): number =>
      (clean.reduce((a, b) => a + b, 0) - mark.reduce((a, b) => a + b, 0)) / clean.length;
    // Levels are 3 + 3 z without errors and 2 + 3 z + 0.4 z' with them.
    const truth = normalCdf(1) - normalCdf(2 / Math.hypot(3, noise));
    let [mean, more] = [0, 0];
    for (let k = 0; k < 1000; k++) {
      const { clean, marks } = trial(8);
      const loss = crossedLoss(clean, marks);
      if (loss.mean.low <= truth && truth <= loss.mean.high) mean++;
      const other = trial(1);
      // On as many other images, whose own noise is in the interval too.
      const given = lossOf(other.clean, other.marks[0]!);
      if (loss.next.low <= given && given <= loss.next.high) more++;
    }
    expect(mean / 1000).toBeGreaterThan(0.93);
    expect(mean / 1000).toBeLessThan(0.975);
    expect(more / 1000).toBeGreaterThan(0.92);
  });

  it('has a width where no image was lost, and less for more images', () => {
    const same = (n: number) =>
      crossedLoss(
        new Uint8Array(n).fill(1),
        [0, 1].map(() => new Uint8Array(n).fill(1)),
      );
    expect(same(100).mean).toMatchObject({ estimate: 0 });
    expect(same(100).mean.high).toBeCloseTo(1.959964 / 102, 6);
    expect(same(1000).mean.high).toBeCloseTo(1.959964 / 1002, 6);
    expect(same(100).next).toEqual(same(100).mean);
  });

  it('is wider for one more mask than for the mean', () => {
    const marks = draw(experiment, uniform(1));
    const { mean, next } = crossedLoss(new Uint8Array(200).fill(1), marks);
    expect(next.high - next.low).toBeGreaterThan(1.5 * (mean.high - mean.low));
    expect(() => crossedLoss(new Uint8Array(199), marks)).toThrow(/cannot be paired/);
  });
});

describe('two treatments of the same images', () => {
  it('gives the adjusted interval of Agresti and Min', () => {
    // Of 100 pairs 12 are right with a alone, 5 with b alone.
    const a = Uint8Array.from({ length: 100 }, (_, k) => (k < 12 ? 1 : 0));
    const b = Uint8Array.from({ length: 100 }, (_, k) => (k >= 12 && k < 17 ? 1 : 0));
    const { estimate, low, high } = pairedShares(a, b);
    expect(estimate).toBeCloseTo(0.07, 12);
    // By the published form with cells 12.5 and 5.5 of N = 102: d = 7 / 102, variance (18 - 49 / 102) / 102^2.
    const half = (1.959963984540054 * Math.sqrt(18 - 49 / 102)) / 102;
    expect(low).toBeCloseTo(7 / 102 - half, 10);
    expect(high).toBeCloseTo(7 / 102 + half, 10);
  });

  it('is no width of zero where they agree, and no more than 1', () => {
    const all = new Uint8Array(3).fill(1);
    expect(pairedShares(all, all).high).toBeGreaterThan(0.3);
    expect(pairedShares(all, new Uint8Array(3)).high).toBe(1);
    expect(() => pairedShares(all, new Uint8Array(2))).toThrow(RangeError);
  });
});

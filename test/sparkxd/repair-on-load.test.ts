import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWeights, encodeWeights, WEIGHT_FORMATS } from '../../src/snn/weight-format.ts';
import { learnContextTables } from '../../src/sparkxd/repair-context.ts';
import type { ReceptiveFields } from '../../src/sparkxd/repair-field.ts';
import {
  isRowRepair,
  isRunRepair,
  LOAD_REPAIRS,
  type LoadRepair,
  loadWeights,
  ROW_REPAIRS,
  RUN_REPAIRS,
  repairOf,
} from '../../src/sparkxd/repair-on-load.ts';
import { randomCases } from '../effort.ts';
import { listedFiles } from '../listed-files.ts';

const fields: ReceptiveFields = {
  imageRows: 3,
  imageColumns: 3,
  neurons: 4,
  weightSum: 2.25,
  ceiling: 0.75,
  likeliest: 0.125,
};
const SIZE = 3 * 3 * 4;
const prior = {
  fields,
  weights: Float32Array.from({ length: SIZE }, (_, k) => ((k * 37) % 100) / 100),
};
const formats = fc.constantFrom(...WEIGHT_FORMATS);
/** Codes of any weights from 0 to the ceiling, with random bits wrong in every third of them. */
const damaged = formats.chain((format) =>
  fc
    .tuple(
      fc.oneof(
        fc.array(fc.float({ min: 0, max: 0.75, noNaN: true }), { minLength: SIZE, maxLength: SIZE }),
        // The six that stay sound have the known sum.
        fc.constant(new Array<number>(SIZE).fill(0.375)),
      ),
      fc.array(fc.nat(2 ** 32 - 1), { minLength: SIZE, maxLength: SIZE }),
    )
    .map(([weights, noise]) => {
      const sound = encodeWeights(Float32Array.from(weights), format, fields.ceiling);
      const all = encodeWeights(decodeWeights(Uint32Array.from(noise), 'fp32'), format, fields.ceiling);
      return { format, codes: sound.map((code, k) => (k % 3 === 0 ? all[k]! : code)) };
    }),
);

describe('the list of repairs', () => {
  it('has every file of its folder, each the definition of its name', async () => {
    const files = await listedFiles('sparkxd/repairs');
    expect(files.map(({ file }) => file)).toEqual(LOAD_REPAIRS.toSorted());
    for (const name of LOAD_REPAIRS)
      expect(files.find(({ file }) => file === name)!.exported).toBe(repairOf(name));
  });

  it('has a summary of one line each', () => {
    for (const name of LOAD_REPAIRS) expect(repairOf(name).summary).toMatch(/^\S.{9,100}\S$/);
  });

  it('has those for single rows, and those without a prior, in its own order', () => {
    expect(ROW_REPAIRS).toEqual(['none', 'clamp', 'zero', 'likeliest', 'force']);
    expect(RUN_REPAIRS).toEqual(LOAD_REPAIRS.filter((name) => name !== 'context'));
    expect(LOAD_REPAIRS.filter(isRowRepair)).toEqual(ROW_REPAIRS);
    expect(LOAD_REPAIRS.filter(isRunRepair)).toEqual(RUN_REPAIRS);
  });
});

describe.each(LOAD_REPAIRS)('the repair %s', (repair) => {
  const { scope, needsPrior } = repairOf(repair);
  const load = (codes: Uint32Array, format: (typeof WEIGHT_FORMATS)[number]): Float32Array =>
    loadWeights(
      codes,
      format,
      repair,
      fields,
      needsPrior ? learnContextTables(prior, format, 0.01, fields.ceiling) : undefined,
    );

  it('leaves the codes as they were read', () => {
    fc.assert(
      fc.property(damaged, ({ format, codes }) => {
        const before = codes.slice();
        load(codes, format);
        expect(codes).toEqual(before);
      }),
      { seed: 1, numRuns: randomCases(10) },
    );
  });

  it('gives a weight by its own code alone exactly if its scope is the weight', () => {
    let differing = 0;
    fc.assert(
      fc.property(damaged, fc.nat(SIZE - 1), ({ format, codes }, k) => {
        const alone = Uint32Array.from({ length: SIZE }, (_, i) => (i === k ? codes[k]! : 0));
        if (!Object.is(load(codes, format)[k], load(alone, format)[k])) differing++;
      }),
      { seed: 2, numRuns: randomCases(60) },
    );
    expect(differing > 0).toBe(scope === 'tensor');
  });

  it('works without tables exactly if it needs no prior', () => {
    const work = () => loadWeights(new Uint32Array(SIZE), 'fp32', repair, fields);
    if (needsPrior) expect(work).toThrow(/needs its tables/);
    else expect(work()).toEqual(new Float32Array(SIZE));
  });
});

describe('repairs weight by weight', () => {
  const hurt = () =>
    Float32Array.of(0.5, -0.25, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 0, 0.75, -0, 1e-40);
  const repaired = (repair: LoadRepair) =>
    loadWeights(new Uint32Array(hurt().buffer), 'fp32', repair, fields);

  it('leaves everything with none', () => {
    expect(repaired('none')).toEqual(hurt());
  });

  it('brings weights into the range with clamp; NaN becomes 0', () => {
    expect(repaired('clamp')).toEqual(Float32Array.of(0.5, 0, 0.75, 0, 0.75, 0, 0.75, -0, 1e-40));
  });

  it('sets the implausible to 0 with zero', () => {
    expect(repaired('zero')).toEqual(Float32Array.of(0.5, 0, 0, 0, 0, 0, 0.75, -0, 1e-40));
  });

  it('sets the implausible to the most probable weight with likeliest', () => {
    const value = fields.likeliest;
    expect(repaired('likeliest')).toEqual(
      Float32Array.of(0.5, value, value, value, value, 0, 0.75, -0, 1e-40),
    );
  });
});

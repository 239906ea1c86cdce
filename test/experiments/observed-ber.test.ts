import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runEvaluate } from '../../src/experiments/evaluate.ts';
import { runOptimise } from '../../src/experiments/optimise.ts';
import { run } from '../../src/experiments/run.ts';
import { runSimulate } from '../../src/experiments/simulate.ts';
import { runTolerance } from '../../src/experiments/tolerance.ts';
import { mean } from '../../src/stats/moments.ts';
import { tinySearch, writeTinyInference } from './tiny-inference.ts';

let folder: string;
let network: { readonly weights: string; readonly dataset: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-ber-'));
  network = await writeTinyInference(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const RATES = ['ber_chip', 'ber_placed', 'ber_observed'] as const;
const SUPPLY = 1.025;

it('simulate, run and evaluate say the same three bit error rates of one chip', async () => {
  const shared = { ...network, timing: 'paper', repair: 'none' } as const;
  const place = { supply: SUPPLY, mapping: 'baseline', chip: 1 } as const;
  const { row } = await runSimulate({ ...shared, ...place, images: 2 });
  const evaluated = await runEvaluate({ ...shared, ...place });
  const { rows } = await run({
    ...shared,
    supplies: [SUPPLY],
    mappings: ['baseline'],
    chips: 1,
    inferences: 1,
  });
  for (const rate of RATES) {
    expect(row[rate], rate).toBe(evaluated[rate]);
    expect(row[rate], rate).toBe(rows[0]![rate]);
    expect(row[rate], rate).toBeGreaterThan(0);
  }
});

it('a search has the means of its chips', async () => {
  const points = { supplies: [SUPPLY], mappings: ['baseline'], chips: 3, inferences: 1 } as const;
  const search = tinySearch(network);
  const { front } = await runOptimise({ ...search, ...points });
  const { rows } = await run({ ...network, ...points, repair: 'none', timing: 'paper' });
  const [point] = front;
  expect(point!.berChip).toBeCloseTo(mean(rows.map(({ ber_chip }) => ber_chip)), 15);
  expect(point!.berPlaced).toBeCloseTo(mean(rows.map(({ ber_placed }) => ber_placed)), 15);
  expect(point!.berObserved).toBeCloseTo(mean(rows.map(({ ber_observed }) => ber_observed)), 15);
  expect(new Set(rows.map(({ ber_observed }) => ber_observed)).size).toBeGreaterThan(1);
});

const tolerance = { trials: 3, precision: 0, images: 4, repair: 'none', bound: 0.5 } as const;

it('tolerance says what its masks did, not what was asked of them', async () => {
  const job = { ...network, ...tolerance, bers: [0.01, 0.1], byBit: true, byInputs: 2 };
  const { rows, curve, byBit, byInputs } = await runTolerance(job, 1);
  const weights = 64 * 20;
  for (const row of rows.filter(({ split, damaged_part }) => split === 'test' && damaged_part === 'all')) {
    expect([row.ber_chip, row.ber_placed]).toEqual([undefined, undefined]);
    expect(Math.abs(row.ber_observed / row.ber_injected - 1)).toBeLessThan(0.2);
  }
  // A mean over three masks of whole numbers of bits.
  for (const { berObserved } of curve) {
    const flips = berObserved * weights * 32 * 3;
    expect(flips).toBeCloseTo(Math.round(flips), 6);
  }
  // The bits of a weight share what errors anywhere do, and so do the groups of inputs.
  const whole = curve[1]!.berObserved;
  const sum = (trials: typeof curve): number =>
    trials.reduce((total, { berObserved }) => total + berObserved, 0);
  expect(sum(byInputs!)).toBeCloseTo(whole, 12);
  expect(Math.abs(sum(byBit!) / whole - 1)).toBeLessThan(0.05);
});

it('tolerance of an error model has the rates of its chips', async () => {
  const job = { ...network, ...tolerance, bers: [0.02], errorModel: 1 } as const;
  const { rows } = await runTolerance(job, 1);
  const [row] = rows;
  expect(row!.ber_chip).toBeGreaterThan(0);
  expect(row!.ber_placed).toBeGreaterThan(0);
  expect(row!.ber_observed).toBeGreaterThan(0);
  expect(row!.ber_observed).not.toBe(row!.ber_injected);
});

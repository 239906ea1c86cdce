import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONTROLLER } from '../../src/dram/controller-options.ts';
import { controllerOptions } from '../../src/settings/controller-settings.ts';
import { isReplay, valueOn } from '../../src/sweep/axes.ts';
import { parsePlan } from '../../src/sweep/plan.ts';
import { groupPoints, replays } from '../../src/sweep/point-groups.ts';

const pointsOf = (text: string) => parsePlan(text, 'plan.yaml').points;
const refusal = (text: string): string => {
  try {
    parsePlan(text, 'plan.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  return 'no refusal';
};

describe('a plan', () => {
  it('is the product of its axes in the order of the file, the first slowest', () => {
    const points = pointsOf('axes:\n  chip: [1, 2]\n  supply: { from: 1.35, to: 1.25, step: 0.05 }\n');
    expect(points.map(({ index, settings }) => [index, valueOn(settings, 'chip'), settings.supply])).toEqual([
      [0, 1, 1.35],
      [1, 1, 1.3],
      [2, 1, 1.25],
      [3, 2, 1.35],
      [4, 2, 1.3],
      [5, 2, 1.25],
    ]);
  });

  it('leaves out what matches every axis of an exclusion, defaults included', () => {
    const points = pointsOf(
      'axes:\n  supply: [1.35, 1.1]\n  chip: [1, 2]\nexclude:\n  - { network: n400, supply: 1.1, chip: [2, 3] }\n',
    );
    expect(points.map(({ settings }) => [settings.supply, valueOn(settings, 'chip')])).toEqual([
      [1.35, 1],
      [1.35, 2],
      [1.1, 1],
    ]);
  });

  it('files a point under the same hash in whatever order the axes are, defaults written or not', () => {
    const [a] = pointsOf('axes:\n  supply: 1.1\n  chip: 2\n');
    const [b] = pointsOf('axes:\n  chip: 2\n  timing: paper\n  supply: 1.1\n');
    const [c] = pointsOf('axes:\n  chip: 3\n  supply: 1.1\n');
    expect(a!.hash).toBe(b!.hash);
    expect(c!.hash).not.toBe(a!.hash);
  });

  it.each([
    ['axes:\n  suply: 1.1\n', 'unknown key "suply" in axes\n  at plan.yaml:2:3\n  did you mean supply?'],
    [
      'axes:\n  supply: 1.1\n  format: [fp32, int9]\n',
      'format: unknown value "int9"\n  at plan.yaml:3:18\n  did you mean int4?',
    ],
    ['axes:\n  supply: []\n', 'supply: an empty axis leaves no points\n  at plan.yaml:2:11'],
    ['axes:\n  supply:\n', 'supply: '],
    ['axes:\n  chip: 1\n', 'the plan names no supply'],
    ['axes:\n  supply: 1.1\nexclude:\n  - { supply: 1.1 }\n', 'the plan has no points: all are excluded'],
    [
      'axes:\n  supply: 1.1\nexclude:\n  - { supply: 1.2 }\n',
      'the exclusion matches no point\n  at plan.yaml:4:5',
    ],
    ['axes:\n  supply: 1.1\nexclude:\n  - {}\n', 'an exclusion without axes'],
    ['axes:\n  supply: [1.1, 1.10]\n', 'points 0 and 1 are the same'],
    ['axes:\n  supply: { from: 1, to: 2 }\n', 'expected a value, a list, or a range'],
    ['axes:\n  supply: { from: 0.001, to: 2, step: 0.0000001 }\n', 'the range has more than 1000000 values'],
    ['axes:\n  supply: 1.1\n  chip: 0\n', 'chip: '],
    ['axes:\n  supply: 1.1\n  chip: 1\n  weak-cells: f.csv\n', 'a measured map is a chip'],
    ['axes:\n  supply: 1.1\n  network: n400\n  weights: f\n', 'weights take the place of a network'],
    ['axes: [\n', 'not valid YAML'],
  ])('refuses %j', (text, message) => {
    expect(refusal(text)).toContain(message);
    expect(refusal(text)).toContain('at plan.yaml:');
    expect(refusal(text).split('\n').length).toBeLessThanOrEqual(3);
  });

  it('parts its points into groups that differ in supply, mapping and chip alone, each point once', () => {
    const some = <T>(values: T[]) => fc.subarray(values, { minLength: 1 });
    fc.assert(
      fc.property(
        some([1.35, 1.1, 1.025]),
        some(['baseline', 'sparkxd']),
        some([1, 2, 3]),
        some([0, 1]),
        some(['fp32', 'int8']),
        (supply, mapping, chip, seed, format) => {
          const points = pointsOf(JSON.stringify({ axes: { seed, supply, format, mapping, chip } }));
          const groups = groupPoints(points);
          expect(points.length).toBe(
            supply.length * mapping.length * chip.length * seed.length * format.length,
          );
          expect(groups.length).toBe(seed.length * format.length);
          expect(
            groups.flatMap((group) => group.points.map(({ index }) => index)).sort((a, b) => a - b),
          ).toEqual(points.map(({ index }) => index));
          for (const { job, points: members } of groups)
            for (const { settings } of members) {
              if (replays(job) || isReplay(settings)) throw new Error('nothing is replayed here');
              expect([settings.seed, settings.format]).toEqual([job.seed, job.format]);
              expect(job.supplies).toContain(settings.supply);
              expect(job.chips).toBeGreaterThanOrEqual(settings.chip);
            }
        },
      ),
      { seed: 9, numRuns: 60 },
    );
  });

  it('takes the controller as it is asked for, in a job of networks and of traces', () => {
    const [closed] = groupPoints(
      pointsOf(
        "axes: { supply: 1.1, page-policy: closed, write-drain: '20:4', read-queue: 8, prune-inputs: 0 }",
      ),
    );
    expect(closed!.job).toMatchObject({
      controller: { pagePolicy: 'closed', writeDrain: '20:4', readQueue: 8 },
      pruneInputs: 0,
    });
    const [plain] = groupPoints(pointsOf('axes: { supply: 1.1 }'));
    expect(controllerOptions(plain!.job.controller)).toEqual(DEFAULT_CONTROLLER);
    const [replay] = groupPoints(
      pointsOf('axes: { trace: a.sxt, supply: [1.35, 1.1], subarrays: masa, forward-writes: true }'),
    );
    expect(replay!.job).toMatchObject({
      ...{ trace: 'a.sxt', supplies: [1.35, 1.1], timing: 'stretched', arrival: 'asap', subarrays: 'masa' },
    });
    expect(controllerOptions(replay!.job.controller)).toEqual({ ...DEFAULT_CONTROLLER, forwardWrites: true });
  });
});

describe('a plan of traces', () => {
  it('is a product as any other, with the settings of replay', () => {
    const points = pointsOf('axes:\n  trace: [a.sxt, b.sxt]\n  supply: [1.35, 1.1]\n');
    expect(points).toHaveLength(4);
    expect(points[3]!.settings).toEqual({
      ...{ trace: 'b.sxt', device: 'lpddr3-1600-4gb-sparkxd', supply: 1.1, timing: 'stretched' },
      ...{ arrival: 'asap', addressMapping: 'row-bank-column', addressBase: 16, lateTimes: false },
      ...{ offset: 0, wrap: false, writes: false, noAccuracy: false, replace: false },
      ...{ bound: 0.01, draw: 'activation', images: 'recorded', energyModel: 'drampower6', range: false },
      ...{ scheduler: 'frfcfs', pagePolicy: 'open', pageTimeout: 200, readQueue: 32, writeQueue: 32 },
      ...{ writeDrain: '24:8', forwardWrites: false, refresh: 'allBank', postponedRefreshes: 0 },
      ...{ beforeRefresh: 'nothing' },
    });
    expect(new Set(points.map(({ hash }) => hash)).size).toBe(4);
  });

  it('means the format of the trace, as replay does', () => {
    const [point] = pointsOf('axes: { trace: a.txt, supply: 1.1, format: dramsim3 }');
    expect(point!.settings).toMatchObject({ format: 'dramsim3' });
    expect(refusal('axes: { trace: a.txt, supply: 1.1, format: int8 }')).toMatch(/unknown value "int8"/);
    expect(refusal('axes: { supply: 1.1, format: dramsim3 }')).toMatch(/unknown value "dramsim3"/);
  });

  it('has no setting of a network, and networks none of a trace', () => {
    expect(refusal('axes:\n  trace: a.sxt\n  supply: 1.1\n  network: n400\n')).toMatch(
      /replays traces, and network is a setting of networks\n.*plan.yaml:4:\d+\n.*apart/,
    );
    expect(refusal('axes:\n  supply: 1.1\n  arrival: trace\n')).toMatch(
      /arrival is a setting of replayed traces, and the plan names no trace\n.*plan.yaml:3/,
    );
    expect(refusal('axes:\n  supply: 1.1\n  write-drain: 24\n')).toMatch(
      /write-drain: .*two numbers such as 24:8/,
    );
    expect(refusal("axes:\n  supply: 1.1\n  write-drain: '24'\n")).toMatch(/two numbers such as 24:8/);
  });
});

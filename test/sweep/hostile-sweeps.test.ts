import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { parseStoredPlan } from '../../src/sweep/plan.ts';

function refusalOf(plan: unknown): string {
  const started = performance.now();
  try {
    parseStoredPlan(plan, 'grid/sweep.json');
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect(performance.now() - started).toBeLessThan(1000);
    const { message } = error as InputError;
    expect(message.split('\n').length).toBeLessThanOrEqual(3);
    expect(message).toContain('grid/sweep.json');
    return message;
  }
  throw new Error('the plan was taken');
}

const many = (count: number): number[] => Array.from({ length: count }, (_, i) => 1 + i * 1e-4);

describe('the plan in a sweep.json that somebody edited', () => {
  it('is taken when its axes are those of a plan', () => {
    const plan = { axes: { supply: [1.1, 1.05], mapping: ['baseline'] }, exclude: [] };
    expect(parseStoredPlan(plan, 'sweep.json')).toEqual(plan);
  });

  it.each([
    ['an unknown axis', { axes: { supply: [1.1], suply: [1] }, exclude: [] }, 'unknown axis "suply"'],
    [
      'an axis named like a method',
      { axes: { constructor: [1] }, exclude: [] },
      'unknown axis "constructor"',
    ],
    [
      'an axis of replays',
      { axes: { supply: [1.1], arrival: ['asap'] }, exclude: [] },
      'unknown axis "arrival"',
    ],
    ['words for a supply', { axes: { supply: ['a'] }, exclude: [] }, 'plan.axes.supply[0]'],
    ['a mapping that is none', { axes: { supply: [1.1], mapping: ['nope'] }, exclude: [] }, 'mapping'],
    ['an empty axis', { axes: { supply: [] }, exclude: [] }, 'supply'],
    ['a value instead of a list', { axes: { supply: 1.1 }, exclude: [] }, 'supply'],
    ['no exclusions', { axes: { supply: [1.1] } }, 'exclude'],
    ['an exclusion of an unknown axis', { axes: { supply: [1.1] }, exclude: [{ nope: [1] }] }, 'exclude[0]'],
    [
      'too many points',
      { axes: { supply: many(3000), occupied: many(3000).map((v) => v - 1) }, exclude: [] },
      '9000000 points',
    ],
    ['no plan', null, 'plan'],
    ['a list', [], 'plan'],
  ])('is refused for %s', (_, plan, words) => {
    expect(refusalOf(plan)).toContain(words);
  });
});

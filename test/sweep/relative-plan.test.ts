import { describe, expect, it } from 'vitest';
import { inVolts, readSupplyShares } from '../../src/settings/supply-shares.ts';
import { numbersText } from '../../src/sweep/check-points.ts';
import { parsePlan, relativePlan } from '../../src/sweep/plan.ts';

describe('supplies as shares of the nominal one', () => {
  it('are read as lists and ranges, among volts, and refused otherwise', () => {
    expect(inVolts(readSupplyShares('100%,90%,76%')!, 1.35)).toEqual([1.35, 1.215, 1.026]);
    expect(inVolts(readSupplyShares('100%:80%:10%,1.1')!, 1.2)).toEqual([1.2, 1.08, 0.96, 1.1]);
    expect(readSupplyShares('1.35,1.1')).toBeUndefined();
    for (const text of ['0%', 'x%', '90%:80%', '100%,abc', '-5%'])
      expect(() => readSupplyShares(text)).toThrow();
  });

  it('are volts in a plan, its exclusions included', () => {
    const text =
      'axes:\n  supply: ["100%", "90%", 1.1]\n  chip: [1, 2]\nexclude:\n  - { supply: 90%, chip: 2 }\n';
    expect(relativePlan(text, 'p.yaml')).toEqual(['lpddr3-1600-4gb-sparkxd']);
    const { plan, points } = parsePlan(text, 'p.yaml', 1.35);
    expect(plan.axes['supply']).toEqual([1.35, 1.215, 1.1]);
    expect(points.length).toBe(5);
    expect(relativePlan('axes: { supply: 1.1 }', 'p.yaml')).toBeUndefined();
    expect(() => parsePlan('axes: { supply: 0% }', 'p.yaml', 1.35)).toThrow(/supply: .*share/);
  });
});

describe('an axis as results name it', () => {
  it('is the axis with hyphens, once', () => {
    const plan = (axes: string) => parsePlan(`axes:\n  supply: 1.1\n${axes}`, 'p.yaml');
    const both = plan('  page_policy: [open, closed]\n');
    expect(both.plan).toEqual(plan('  page-policy: [open, closed]\n').plan);
    expect(Object.keys(both.plan.axes)).toEqual(['supply', 'page-policy']);
    expect(() => plan('  page_policy: open\n  page-policy: closed\n')).toThrow(
      /axis page-policy is there twice/,
    );
  });
});

describe('numbers of points in few characters', () => {
  it('joins neighbours and stops', () => {
    expect(numbersText([3, 4, 5, 9])).toBe('3 to 5, 9');
    expect(numbersText([1, 3, 5, 7], 2)).toBe('1, 3 and more, 4 in all');
  });
});

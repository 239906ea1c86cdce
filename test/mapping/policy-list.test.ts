import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlacementRequest } from '../../src/mapping/placement-request.ts';
import { MAPPING_POLICIES, type MappingPolicy, placeWeights, policyOf } from '../../src/mapping/policy.ts';
import { listedFiles } from '../listed-files.ts';
import { requests } from './placement-requests.ts';

/** The placement, or the message of the refusal. */
function outcome(policy: MappingPolicy, request: PlacementRequest): unknown {
  try {
    return placeWeights(policy, request);
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the list of mapping policies', () => {
  it('has every file of its folder, each the definition of its name', async () => {
    const files = await listedFiles('mapping/policies');
    expect(files.map(({ file }) => file)).toEqual(MAPPING_POLICIES.toSorted());
    for (const name of MAPPING_POLICIES)
      expect(files.find(({ file }) => file === name)!.exported).toBe(policyOf(name));
  });

  it('has a summary of one line each', () => {
    for (const name of MAPPING_POLICIES) expect(policyOf(name).summary).toMatch(/^\S.{10,100}\S$/);
  });
});

describe.each(MAPPING_POLICIES)('the definition of %s', (policy) => {
  const { needsErrorRates, careful, carefulPart } = policyOf(policy);

  it('says that it needs error rates exactly if its placement can change with them', () => {
    let changes = 0;
    fc.assert(
      fc.property(requests, requests, (request, other) => {
        const ber = request.subarrayBer.map((_, i) => other.subarrayBer[i % other.subarrayBer.length]!);
        const before = outcome(policy, { ...request, berLimit: 0.005 });
        const after = outcome(policy, { ...request, berLimit: 0.005, subarrayBer: ber });
        if (JSON.stringify(before) !== JSON.stringify(after)) changes++;
        if (!needsErrorRates)
          expect(outcome(policy, { ...request, subarrayBer: new Float64Array(0) })).toEqual(before);
      }),
      { seed: 7, numRuns: 100 },
    );
    expect(changes > 0).toBe(needsErrorRates);
  });

  it('says that it is careful exactly if it refuses what it would place under any limit, and names the part', () => {
    const refusals = new Set<string>();
    fc.assert(
      fc.property(requests, (request) => {
        if (typeof outcome(policy, { ...request, berLimit: 1 }) === 'string') return;
        const strict = outcome(policy, { ...request, berLimit: 1e-4 });
        if (typeof strict === 'string') refusals.add(strict.split(' need ')[0]!);
      }),
      { seed: 8, numRuns: 100 },
    );
    expect([...refusals]).toEqual(careful ? [carefulPart ?? 'the weights'] : []);
  });
});

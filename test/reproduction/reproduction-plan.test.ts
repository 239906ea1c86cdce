import { describe, expect, it } from 'vitest';
import { reproductionPlan } from '../../src/reproduction/reproduction-plan.ts';

const SCALE = {
  networks: ['n400-mnist', 'n400-fashion-mnist', 'n3600-fashion-mnist'],
  ...{ headlineChips: 30, chips: 5, trainingSeeds: 3, awareSeeds: 3, modules: 30, images: 2000 },
  ...{ widens: true, seed: 1, energyModel: 'drampower6' as const },
};

describe('the plan of the reproduction', () => {
  it('keeps each study under a name of its own', () => {
    const ids = reproductionPlan(SCALE).map(({ id }) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  it('takes all test images for leading rows alone, and only where no number of images was asked for', () => {
    const wider = reproductionPlan(SCALE).filter((study) => study.wider);
    expect(new Set(wider.map(({ role, configuration }) => `${role} ${configuration}`))).toEqual(
      new Set(['ours fp32', 'ours uint8']),
    );
    for (const { job, wider: all } of wider) {
      expect(job.images).toBe(2000);
      expect({ ...all, images: 2000 }).toEqual(job);
    }
    expect(reproductionPlan({ ...SCALE, widens: false }).some((study) => study.wider)).toBe(false);
  });
});

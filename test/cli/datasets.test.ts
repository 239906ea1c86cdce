import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sparkxd } from './program.ts';

const EVENTS = fileURLToPath(new URL('../goldens/events', import.meta.url));

describe('sparkxd datasets show', () => {
  it('prints samples, classes, input and events of each part', async () => {
    const { code, stdout, stderr } = await sparkxd('datasets', 'show', `${EVENTS}/nmnist`);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^nmnist: events\n/);
    expect(stdout).toMatch(/^train +32 +4 +8 +2 x 34 x 34 +3239 +66 to 140 +0\.000 +299\.945$/m);
    expect(stdout).toMatch(/^test +8 +4 +2 +2 x 34 x 34 +862 +76 to 135 +0\.168 +299\.064$/m);
  });

  it('writes JSON with the hash of each file', async () => {
    const { stdout } = await sparkxd('datasets', 'show', `${EVENTS}/shd/shd_test.h5`, '--json');
    expect(JSON.parse(stdout)).toEqual({
      name: 'shd_test.h5',
      kind: 'events',
      parts: [
        {
          ...{ part: 'test', samples: 8, classes: 4, class_samples: [2, 2, 2, 2], shape: [700] },
          events: {
            ...{ total: 1095, fewest: 96, most: 185 },
            ...{ first_us: 815.3915405273438, last_us: 799316.40625 },
          },
        },
      ],
      sha256: {
        [`${EVENTS}/shd/shd_test.h5`]: 'cda9389e6f406452af98cb65ced91f48e1389253bb73fa4a84635130810a2b11',
      },
    });
  });

  it('refuses what is no dataset in words', async () => {
    const { code, stderr } = await sparkxd('datasets', 'show', `${EVENTS}/nmnist-edge`);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /no samples: the folder has "empty.bin", "max-time.bin", "overflow.bin", "truncated.bin"\n {2}at .*\n {2}read are: mnist/,
    );
    expect((await sparkxd('datasets', 'show')).code).toBe(2);
  });
});

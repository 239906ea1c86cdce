import { describe, expect, it } from 'vitest';
import { endedTasks } from '../../src/sweep/slurm-executor.ts';

// The forms of `sacct --parsable2 --noheader --allocations --array --format=JobID,JobName,State` as remembered; no accounting database was at hand to take lines from.
const TEXT = `17_0|sparkxd-abc-16|COMPLETED
17_1|sparkxd-abc-16|FAILED
17_2|sparkxd-abc-16|CANCELLED by 1000
17_3|sparkxd-abc-16|TIMEOUT
17_4|sparkxd-abc-16|OUT_OF_MEMORY
18|another|COMPLETED
19_0|sparkxd-abd-16|FAILED
20_1|sparkxd-abc-16|COMPLETED
20_3|sparkxd-abc-16|RUNNING
20_[4-6]|sparkxd-abc-16|PENDING
`;

describe('what sacct says of a sweep', () => {
  it('is the last state of each task that has ended', () => {
    expect([...endedTasks(TEXT, 'sparkxd-abc-')]).toEqual([
      ['COMPLETED', 2],
      ['CANCELLED', 1],
      ['OUT_OF_MEMORY', 1],
    ]);
    expect([...endedTasks('', 'sparkxd-abc-')]).toEqual([]);
  });
});

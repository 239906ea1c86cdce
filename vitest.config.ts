import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { FULL, LONG } from './test/effort.ts';

/** Files that load modules anew or replace them, or measure the memory of their process. */
const ALONE = ['test/dram/core-layout.test.ts', 'test/cli/progress.test.ts', 'test/hostile/*.test.ts'];

/** Files that take long for their size, the longest first. Large files are started first, and one of these last would leave a core idle. */
const SLOW = [
  'test/documents/commands',
  'test/studio/studio',
  'test/cli/reproduce',
  'test/cli/train-shipped',
  'test/report-browser/report-browser',
  'test/experiments/simulated-systems',
  'test/cli/optimise',
  'test/cli/outputs',
  'test/report/reviewed-charts',
  'test/experiments/record',
  'test/experiments/recorded-trace',
  'test/experiments/activity',
  'test/trace/plain-lines',
  'test/kernels',
];
const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = SLOW.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
  return place < 0 ? SLOW.length : place;
};

/** What vitest asks for is a class. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => placeOf(a) - placeOf(b));
  }
}

// Worker threads of the program under test come on top of vitest's own, so two forks fill two cores; of the small tests, some of which
// wait for others, three do.
export default defineConfig({
  test: {
    testTimeout: LONG ? 240_000 : 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: FULL ? 2 : 3,
    sequence: { sequencer: SlowFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE } },
      // The others share two processes, which load the modules once; in the long tests each has its own.
      {
        extends: true,
        test: { name: 'rooms', include: ['test/**/*.test.ts'], exclude: ALONE, isolate: LONG },
      },
    ],
  },
});

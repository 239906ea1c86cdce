import { defineConfig } from 'vitest/config';
import { LONG } from './test/effort.ts';

/** Files that load modules anew or replace them, or measure the memory of their process. */
const ALONE = ['test/dram/core-layout.test.ts', 'test/cli/progress.test.ts', 'test/hostile/*.test.ts'];

// Worker threads of the program under test come on top of vitest's own, so two forks fill two cores.
export default defineConfig({
  test: {
    testTimeout: LONG ? 240_000 : 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
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

import { defineConfig } from 'vitest/config';

// Worker threads of the program under test come on top of vitest's own, so two forks fill two cores.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});

/**
 * How much the tests do. `npm test` is for those who wait: few cases where many would only say it again, and nothing that takes
 * many seconds by itself where something quicker stands beside it. CI runs nearly all of it with SPARKXD_TESTS=full, on more cases;
 * `npm run test:long` sets SPARKXD_TESTS=long and runs every case, and every command in a process of its own.
 */
export const LONG = process.env['SPARKXD_TESTS'] === 'long';
export const FULL = LONG || process.env['SPARKXD_TESTS'] === 'full';

/** How many cases to try, or how much of an input: `all` in the long tests, `few` otherwise. */
export const cases = (few: number, all: number): number => (LONG ? all : few);

/** The share of the random cases of the full tests that `npm test` tries. */
const QUICK = 1 / 3;

/** How many random cases to try: `all` in the long tests, `few` in the full ones, a share of these in `npm test`. */
export const randomCases = (few: number, all = few): number =>
  FULL ? cases(few, all) : Math.max(1, Math.ceil(few * QUICK));

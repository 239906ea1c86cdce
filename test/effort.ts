/**
 * How much the tests do. `npm test` proves everything once, on few cases where many would only say it again;
 * `npm run test:long` sets SPARKXD_TESTS=long and runs every case, and every command in a process of its own.
 */
export const LONG = process.env['SPARKXD_TESTS'] === 'long';

/** How many cases to try: `all` of them in the long tests, `few` otherwise. */
export const cases = (few: number, all: number): number => (LONG ? all : few);

import { setImmediate } from 'node:timers/promises';

/** How long a loop may keep signals and timers waiting, in ms. */
const LONGEST_MS = 100;

/**
 * For a long loop that never waits: awaited every so often, it lets signals and timers have their turn, at most every
 * 100 ms. A program that listens to signals hears them only then.
 */
export function createTurn(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < LONGEST_MS) return;
    await setImmediate();
    last = performance.now();
  };
}

import { note } from './terminal.ts';

/** Signals that ask a program to end, with their numbers: the exit code is 128 more. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Says one line when the program is told to end while long work goes on - what is done, what is kept, how to go on - and
 * ends it; temporary files go with it. The function that it returns ends that.
 */
export function onInterrupt(describe: () => string): () => void {
  const listeners = Object.entries(SIGNALS).map(([name, number]) => {
    const listener = (): void => {
      note(`sparkxd: ${describe()}\n`);
      process.exit(128 + number);
    };
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  return () => {
    for (const stop of listeners) stop();
  };
}

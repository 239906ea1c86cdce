import { Worker } from 'node:worker_threads';

/** Kills the process, with a line on what it was doing, when a case takes longer than allowed: a loop cannot be left otherwise. */
export interface Watchdog {
  /** A case begins. */
  begin(name: string): void;
  stop(): Promise<void>;
}

const NAME_BYTES = 200;

const PROGRAM = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const turn = new Int32Array(workerData.shared, 0, 1);
const name = Buffer.from(workerData.shared, 4);
let seen = 0;
let since = Date.now();
setInterval(() => {
  const now = Atomics.load(turn, 0);
  if (now !== seen) { seen = now; since = Date.now(); }
  else if (now > 0 && Date.now() - since > workerData.seconds * 1000) {
    writeSync(2, 'hangs: ' + name.toString('utf8').replace(/\\0+$/, '') + '\\n');
    process.kill(process.pid, 'SIGKILL');
  }
}, 250);
`;

/** `seconds` is the longest that a case may take. */
export function startWatchdog(seconds: number): Watchdog {
  const shared = new SharedArrayBuffer(4 + NAME_BYTES);
  const turn = new Int32Array(shared, 0, 1);
  const name = new Uint8Array(shared, 4);
  const worker = new Worker(PROGRAM, { eval: true, workerData: { shared, seconds } });
  worker.unref();
  return {
    begin(text) {
      name.fill(0);
      name.set(new TextEncoder().encode(text).subarray(0, NAME_BYTES));
      Atomics.add(turn, 0, 1);
    },
    async stop() {
      await worker.terminate();
    },
  };
}

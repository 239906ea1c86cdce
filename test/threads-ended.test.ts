import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FULL } from './effort.ts';

const pool = new URL('../dist/threads/pool.js', import.meta.url).href;
/** Node 20 aborted where a thread was ended while it required an ES module: half of such processes. */
const PROGRAM = `
  const { createPool } = await import(${JSON.stringify(pool)});
  for (let i = 0; i < 60; i++) {
    const pool = await createPool(2, 'experiments/accuracy/evaluate-worker.cjs');
    await new Promise((resolve) => setTimeout(resolve, (7 * i) % 160));
    await pool.close();
  }`;

it.runIf(FULL)('threads may be ended at any time while they start', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => {
    child.on('close', resolve);
  });
  expect([code, stderr]).toEqual([0, '']);
});

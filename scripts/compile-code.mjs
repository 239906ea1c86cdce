// Keeps the bytecode of the bundle's chunks for Node 20, which does not do so itself (src/files/load-chunk.cts): runs commands
// that people start again and again, then writes what V8 compiled for them. Part of `npm run build`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as modules from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const [asked] = process.argv.slice(2);

if (asked !== undefined) await keep(JSON.parse(asked));
else if (modules.enableCompileCache === undefined) inProcessOfItsOwn();

/** Runs the command lines, and keeps what V8 compiled. */
async function keep(runs) {
  const { loadChunk, keepCompiledCode } = modules.createRequire(import.meta.url)(
    '../dist/files/load-chunk.cjs',
  );
  const { main } = loadChunk(at('dist/cli/program.cjs'));
  for (const args of runs) {
    const code = await main(args);
    if (code !== 0) throw new Error(`sparkxd ${args.join(' ')} ended with ${code}`);
  }
  keepCompiledCode();
}

/** Does so in another process, whose output nobody needs. */
function inProcessOfItsOwn() {
  const folder = mkdtempSync(join(tmpdir(), 'sparkxd-compile-'));
  const trace = join(folder, 'one.trace');
  writeFileSync(trace, '0x0 R\n0x40 W\n');
  const network =
    '--network n400 --dataset mnist --images 2 --device lpddr3-1600-4gb-sparkxd --profile sparkxd';
  const runs = [
    ['--help'],
    ['replay', trace, '--device', 'ddr4-2400-8gb', '--csv', join(folder, 'replay.csv')],
    ['devices', 'show', 'ddr4-2400-8gb'],
    ['run', ...network.split(' '), '--supply', '1.35,1.025', '--quiet', '--out', join(folder, 'run')],
  ];
  try {
    const { status, stderr } = spawnSync(
      process.execPath,
      [fileURLToPath(import.meta.url), JSON.stringify(runs)],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    if (status !== 0) throw new Error(`the bundle could not be compiled: ${stderr}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// Keeps the bytecode of the bundle's chunks for Node 20, which does not do so itself (src/files/load-chunk.cts): runs commands
// that people start again and again, then writes what V8 compiled for them. Part of `npm run build`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as modules from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const RUNS = 'SPARKXD_COMPILE_RUNS';

if (process.env[RUNS] === undefined) {
  if (modules.enableCompileCache === undefined) compile();
} else {
  const { loadChunk, keepCompiledCode } = modules.createRequire(import.meta.url)(
    '../dist/files/load-chunk.cjs',
  );
  const { main } = loadChunk(at('dist/cli/program.cjs'));
  for (const args of JSON.parse(process.env[RUNS])) {
    const code = await main(args);
    if (code !== 0) throw new Error(`sparkxd ${args.join(' ')} ended with ${code}`);
  }
  keepCompiledCode();
}

/** Runs this file in a process of its own, whose output nobody needs. */
function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'sparkxd-compile-'));
  const trace = join(folder, 'one.trace');
  writeFileSync(trace, '0x0 R\n0x40 W\n');
  const device = ['--device', 'lpddr3-1600-4gb-sparkxd'];
  const runs = [
    ['--help'],
    ['replay', trace, '--device', 'ddr4-2400-8gb', '--csv', join(folder, 'replay.csv')],
    ['devices', 'show', 'ddr4-2400-8gb'],
    [
      'run',
      '--network',
      'n400',
      '--dataset',
      'mnist',
      '--images',
      '2',
      ...device,
      '--supply',
      '1.35,1.025',
      '--quiet',
    ].concat(['--profile', 'sparkxd', '--out', join(folder, 'run')]),
  ];
  try {
    const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url)], {
      env: { ...process.env, [RUNS]: JSON.stringify(runs) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status !== 0) throw new Error(`the bundle could not be compiled: ${stderr}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

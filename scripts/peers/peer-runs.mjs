// Runs of the other simulators, each of which leaves one result file.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SCHEDULERS } from './peer-configurations.mjs';

/** @throws {Error} what the program said last, if it cannot be run or fails */
function run(program, words) {
  const done = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (done.error) throw new Error(`${program}: ${done.error.message}`);
  if (done.status === 0) return;
  const said = (done.stderr.trim() || done.stdout.trim()).split('\n').at(-1);
  throw new Error(`${program} ${words.join(' ')}: exit code ${done.status ?? done.signal}: ${said}`);
}

/** @param python the interpreter in which `import ramulator` works */
export function runRamulator(python, folder, machine, stream, scheduler, result) {
  const [script, trace] = [`${machine}.py`, `${stream}.loadstore.trace`].map((file) =>
    join(folder, 'ramulator', file),
  );
  run(python, [script, trace, SCHEDULERS[scheduler], result]);
}

/** @param program dramsim3main; @param cycles that it runs, more than the stream needs */
export function runDramsim3(program, folder, machine, stream, cycles, result) {
  const output = mkdtempSync(join(tmpdir(), 'dramsim3-'));
  const [configuration, trace] = [`${machine}.ini`, `${stream}.trace`].map((file) =>
    join(folder, 'dramsim3', file),
  );
  try {
    run(program, [configuration, '-t', trace, '-c', String(cycles), '-o', output]);
    copyFileSync(join(output, 'dramsim3epoch.json'), result);
  } finally {
    rmSync(output, { recursive: true });
  }
}

const specifications = fileURLToPath(new URL('../../test/goldens/drampower6/memspecs/', import.meta.url));

/** @param program DRAMPower's command line program, version 6 */
export function runDrampower(program, folder, commands, memorySpecification, result) {
  const configuration = join(folder, 'drampower', 'configuration.json');
  mkdirSync(join(folder, 'drampower'), { recursive: true });
  writeFileSync(configuration, '{ "useToggleRate": false, "simconfig": {} }\n');
  // It overwrites its output file, which must exist.
  writeFileSync(result, '');
  const specification = join(specifications, memorySpecification);
  run(program, ['-c', configuration, '-t', commands, '-m', specification, '-j', result]);
}

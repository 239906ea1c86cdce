import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import * as modules from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { WORKER_MODULES } from '../src/threads/pool.ts';
import { FULL } from './effort.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** A copy of the built package, to be damaged. */
const folder = mkdtempSync(join(tmpdir(), 'sparkxd-bundle-'));
for (const part of ['dist', 'hw-models', 'package.json'])
  cpSync(join(root, part), join(folder, part), {
    recursive: true,
    filter: (file) => !/[\\/]dist[\\/]studio/.test(file),
  });
for (const part of ['node_modules', 'traces', 'networks']) symlinkSync(join(root, part), join(folder, part));
const trace = join(folder, 'one.trace');
writeFileSync(trace, '0x0 R\n');
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Files of JavaScript that the process loaded, from the folder of the package. */
  readonly loaded: readonly string[];
}

/** Says which chunks a process reads; Node says by itself which ES modules it loads. */
const listener = join(folder, 'listener.cjs');
writeFileSync(
  listener,
  `const fs = require('node:fs');
const { readFileSync } = fs;
fs.readFileSync = (file, ...given) => {
  if (/\\.cjs$/.test(file)) process.stderr.write('loads ' + file + '\\n');
  return readFileSync(file, ...given);
};`,
);

/** Runs the program of the copy in a process of its own, which says what it loads. */
function run(...args: string[]): Promise<Ran> {
  const env = { ...process.env, NODE_DEBUG: 'esm', NODE_COMPILE_CACHE: join(folder, 'cache') };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--require', listener, join(folder, 'dist/cli/main.js'), ...args],
      { cwd: folder, env, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        const lines = stderr.split('\n');
        const modules = [...stderr.matchAll(/file:\/\/[^\s'"]+\.m?js/g)].map(([url]) => fileURLToPath(url));
        const chunks = lines.flatMap((line) => /^loads (.*)/.exec(line)?.[1] ?? []);
        resolve({
          code: error ? Number(error.code) : 0,
          stdout,
          stderr: lines
            .filter((line) => /^(?:the compiled|\S+ is broken|sparkxd|[A-Z]\w*Error)/.test(line))
            .join('\n'),
          loaded: [...new Set([...modules, ...chunks])],
        });
      },
    );
  });
}

/** Whether this Node keeps compiled code by itself; then none lies beside the chunks. */
const NODE_KEEPS_CODE = 'enableCompileCache' in modules;
const REPLAY = ['replay', trace, '--device', 'ddr4-2400-8gb', '--quiet'];

/** The file of the chunk of that name, in the copy. */
const chunkOf = (name: string): string => {
  const file = readdirSync(join(folder, 'dist/chunks')).find(
    (each) => each.startsWith(`${name}-`) && each.endsWith('.cjs'),
  );
  return join(folder, 'dist/chunks', file!);
};

/** What the program does while a file of the copy holds something else; nothing: while it is not there. */
async function runWith(file: string, content: Buffer | undefined, ...args: string[]): Promise<Ran> {
  const before = readFileSync(file);
  if (content === undefined) rmSync(file);
  else writeFileSync(file, content);
  try {
    return await run(...args);
  } finally {
    writeFileSync(file, before);
  }
}

it('has the program and its worker threads, with source maps', () => {
  for (const file of ['cli/program.cjs', ...WORKER_MODULES]) {
    expect(readFileSync(join(dist, file), 'utf8')).toMatch(/require\("(?:\.\.\/)+chunks\//);
  }
  expect(existsSync(join(dist, 'cli/program.cjs.map'))).toBe(true);
  const chunks = readdirSync(join(dist, 'chunks'));
  const code = chunks.filter((name) => name.endsWith('.cjs'));
  expect(code.length).toBeGreaterThan(20);
  for (const chunk of code) {
    if (/^(?:start|shared|replay)-/.test(chunk)) expect(chunks).toContain(`${chunk}.map`);
    // The loader reads them as such.
    expect(readFileSync(join(dist, 'chunks', chunk), 'utf8')).toMatch(/^[\0-\x7f]*$/);
  }
});

it('names lines of the sources where Node is asked for them', async () => {
  const before = process.env['NODE_OPTIONS'];
  process.env['NODE_OPTIONS'] = `${before ?? ''} --enable-source-maps`;
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [join(folder, 'dist/cli/main.js'), 'replay', 'absent', '--device', 'ddr4-2400-8gb', '--debug'],
      (_, out, err) => resolve({ stdout: out, stderr: err }),
    );
  });
  process.env['NODE_OPTIONS'] = before;
  if (before === undefined) delete process.env['NODE_OPTIONS'];
  expect(stdout).toBe('');
  expect(stderr).toMatch(/src\/inputs\/trace-bytes\.ts:\d+:\d+/);
});

it('loads for --help nothing but the start', async () => {
  const { code, stdout, loaded } = await run('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('Usage: sparkxd');
  expect(loaded.length).toBeGreaterThan(0);
  expect(loaded.length).toBeLessThan(6);
});

it('replays on a shipped device without YAML, mathjs and what only other commands need', async () => {
  const { code, stdout, loaded } = await run(...REPLAY);
  expect(code).toBe(0);
  expect(stdout).toContain('An access is one burst of');
  expect(loaded.length).toBeLessThan(40);
  const text = loaded.map((file) => readFileSync(file, 'utf8')).join('\n');
  // What the package yaml names its document.
  expect(text).not.toMatch(/class Document\b/);
  expect(loaded.filter((file) => /mathjs|vega|resvg|h5wasm|piscina/.test(file))).toEqual([]);
  expect(text).not.toMatch(/zod\/v4\/locales\/(?!en\.)/);
});

it.runIf(FULL)('imports packages that only some commands need', async () => {
  const own = join(folder, 'own.yaml');
  const yaml = readFileSync(join(folder, 'hw-models/dram/ddr4-2400-8gb.yaml'), 'utf8');
  writeFileSync(own, yaml.replace(/tRCD: .*/, 'tRCD: "(1 + 12) ns"'));
  const nir = join(root, 'test/goldens/networks/edge.nir');
  const plan = join(folder, 'plan.yaml');
  writeFileSync(plan, 'axes: { network: [n400], dataset: [mnist], supply: [1.35, 1.1], images: [2] }\n');
  const cases: [RegExp, string[]][] = [
    [/mathjs/, ['replay', trace, '--device', own, '--quiet']],
    [/h5wasm/, ['weights', 'show', nir]],
    [/piscina/, ['sweep', plan, '--out', join(folder, 'sweep'), '--jobs', '2', '--quiet']],
  ];
  for (const [name, args] of cases) {
    const { code, loaded, stderr } = await run(...args);
    expect([code, stderr]).toEqual([0, '']);
    expect(loaded.filter((file) => name.test(file)).length).toBeGreaterThan(0);
  }
});

it('reads the YAML of a shipped device whose compiled model is cut short, and says so', async () => {
  const sound = await run(...REPLAY);
  const compiled = join(folder, 'dist/hw-models/dram/ddr4-2400-8gb.json');
  const bytes = readFileSync(compiled);
  const broken = await runWith(compiled, bytes.subarray(0, bytes.length / 2), ...REPLAY);
  expect(broken.stdout).toBe(sound.stdout);
  expect(broken.code).toBe(0);
  expect(sound.stderr).toBe('');
  expect(broken.stderr).toBe(
    `the compiled model ${compiled} is broken: its YAML is read instead; a new installation mends it`,
  );
});

it('uses the YAML of a shipped device that has changed since the program was built', async () => {
  const yaml = join(folder, 'hw-models/dram/ddr4-2400-8gb.yaml');
  const text = readFileSync(yaml, 'utf8');
  const before = await run(...REPLAY);
  const after = await runWith(yaml, Buffer.from(text.replace(/tRCD: .*/, 'tRCD: 30 ns')), ...REPLAY);
  expect(after.code).toBe(0);
  expect(after.stderr).toBe('');
  expect(after.stdout).not.toBe(before.stdout);
});

it.each(['start', 'shared'])('stops where the chunk "%s" is damaged', async (name) => {
  const file = chunkOf(name);
  const bytes = readFileSync(file);
  for (const content of [bytes.subarray(0, bytes.length / 2), undefined]) {
    const { code, stdout, stderr } = await runWith(file, content, ...REPLAY);
    expect(code).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^sparkxd: /m);
  }
});

describe.skipIf(NODE_KEEPS_CODE)('compiled code beside a chunk (Node 20)', () => {
  const chunk = chunkOf('shared');
  const compiled = `${chunk}.compiled`;
  const refusalOf = (file: string): string =>
    `${file}.compiled is broken or older than its chunk: it is not used; a new installation mends it`;

  it('is taken by V8, and need not be there', async () => {
    const { stdout, stderr } = await run(...REPLAY);
    expect(stderr).toBe('');
    const without = await runWith(compiled, undefined, ...REPLAY);
    expect(without).toMatchObject({ code: 0, stdout, stderr: '' });
    const accepted = new Script(
      `(function (exports, require, module, __filename, __dirname) { ${readFileSync(chunk, 'latin1')}\n})`,
      { filename: chunk, cachedData: readFileSync(compiled).subarray(32) },
    );
    expect(accepted.cachedDataRejected).toBe(false);
  });

  it('is refused, in words, where a byte of it is wrong', async () => {
    const sound = await run(...REPLAY);
    const bytes = readFileSync(compiled);
    for (const at of FULL ? [0, 40, bytes.length - 1] : [40]) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1;
      const ran = await runWith(compiled, damaged, ...REPLAY);
      expect(ran).toMatchObject({ code: 0, stdout: sound.stdout, stderr: refusalOf(chunk) });
    }
  });

  it('is refused where the chunk is another, of the same length', async () => {
    const says = (file: string): boolean =>
      /^replay-.*\.cjs$/.test(file) &&
      readFileSync(join(folder, 'dist/chunks', file), 'latin1').includes('An access is one burst of');
    const file = join(folder, 'dist/chunks', readdirSync(join(folder, 'dist/chunks')).find(says)!);
    const other = readFileSync(file, 'latin1').replace(
      'An access is one burst of',
      'An access is two bursts!!',
    );
    const ran = await runWith(file, Buffer.from(other, 'latin1'), ...REPLAY);
    expect(ran.stdout).toContain('An access is two bursts!!');
    expect(ran.stderr).toBe(refusalOf(file));
  });
});

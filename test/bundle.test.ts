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
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { WORKER_MODULES } from '../src/threads/pool.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** A copy of the built package, to be damaged. */
const folder = mkdtempSync(join(tmpdir(), 'sparkxd-bundle-'));
for (const part of ['dist', 'hw-models', 'package.json'])
  cpSync(join(root, part), join(folder, part), { recursive: true });
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

/** Runs the program of the copy in a process of its own, which says what it loads. */
function run(...args: string[]): Promise<Ran> {
  const env = { ...process.env, NODE_DEBUG: 'esm' };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(folder, 'dist/cli/main.js'), ...args],
      { cwd: folder, env, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        const lines = stderr.split('\n');
        const urls = [...stderr.matchAll(/file:\/\/[^\s'"]+\.m?js/g)].map(([url]) => fileURLToPath(url));
        resolve({
          code: error ? Number(error.code) : 0,
          stdout,
          stderr: lines.filter((line) => /^(?:the compiled|sparkxd|[A-Z]\w*Error)/.test(line)).join('\n'),
          loaded: [...new Set(urls)],
        });
      },
    );
  });
}

it('has the program and its worker threads, with source maps', () => {
  for (const file of ['cli/main.js', ...WORKER_MODULES]) {
    const text = readFileSync(join(dist, file), 'utf8');
    expect(text).toMatch(/from "(?:\.\.\/)+chunks\//);
  }
  expect(existsSync(join(dist, 'cli/main.js.map'))).toBe(true);
  for (const chunk of readdirSync(join(dist, 'chunks')).filter((name) =>
    /^(?:start|shared)-.*\.js$/.test(name),
  ))
    expect(existsSync(join(dist, 'chunks', `${chunk}.map`))).toBe(true);
});

it('loads for --help nothing but the start', async () => {
  const { code, stdout, loaded } = await run('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('Usage: sparkxd');
  expect(loaded.length).toBeGreaterThan(0);
  expect(loaded.length).toBeLessThan(6);
});

it('replays on a shipped device without YAML, mathjs and what only other commands need', async () => {
  const { code, stdout, loaded } = await run('replay', trace, '--device', 'ddr4-2400-8gb', '--quiet');
  expect(code).toBe(0);
  expect(stdout).toContain('An access is one burst of');
  expect(loaded.length).toBeLessThan(40);
  const text = loaded.map((file) => readFileSync(file, 'utf8')).join('\n');
  // What the package yaml names its document.
  expect(text).not.toMatch(/class Document\b/);
  expect(loaded.filter((file) => /mathjs|vega|resvg|h5wasm|piscina/.test(file))).toEqual([]);
  expect(text).not.toMatch(/zod\/v4\/locales\/(?!en\.)/);
});

it('reads the YAML of a shipped device whose compiled model is cut short, and says so', async () => {
  const args = ['replay', trace, '--device', 'ddr4-2400-8gb', '--quiet'];
  const sound = await run(...args);
  const compiled = join(folder, 'dist/hw-models/dram/ddr4-2400-8gb.json');
  const text = readFileSync(compiled, 'utf8');
  writeFileSync(compiled, text.slice(0, text.length / 2));
  const broken = await run(...args);
  writeFileSync(compiled, text);
  expect(broken.stdout).toBe(sound.stdout);
  expect(broken.code).toBe(0);
  expect(sound.stderr).toBe('');
  expect(broken.stderr).toBe(
    `the compiled model ${compiled} is broken: its YAML is read instead; a new installation mends it`,
  );
});

it('uses the YAML of a shipped device that has changed since the program was built', async () => {
  const args = ['replay', trace, '--device', 'ddr4-2400-8gb', '--quiet'];
  const yaml = join(folder, 'hw-models/dram/ddr4-2400-8gb.yaml');
  const text = readFileSync(yaml, 'utf8');
  const before = await run(...args);
  writeFileSync(yaml, text.replace(/tRCD: .*/, 'tRCD: 30 ns'));
  const after = await run(...args);
  writeFileSync(yaml, text);
  expect(after.code).toBe(0);
  expect(after.stderr).toBe('');
  expect(after.stdout).not.toBe(before.stdout);
});

it('stops where a chunk is damaged', async () => {
  const chunk = readdirSync(join(folder, 'dist/chunks')).find((name) => /^shared-.*\.js$/.test(name))!;
  const file = join(folder, 'dist/chunks', chunk);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.slice(0, text.length / 2));
  const { code, stdout, stderr } = await run('replay', trace, '--device', 'ddr4-2400-8gb', '--quiet');
  writeFileSync(file, text);
  expect(code).not.toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^sparkxd: /);
});

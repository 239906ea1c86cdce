import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

describe('examples/co-simulation.mjs', () => {
  const page = readFileSync(file('docs/co-simulation.md'), 'utf8');

  it('is the one of docs/co-simulation.md', () => {
    const [, shown] = /```js\n(.*?)```/s.exec(page)!;
    expect(shown).toBe(readFileSync(file('examples/co-simulation.mjs'), 'utf8'));
  });

  it('prints what the page says', () => {
    const [, shown] = /It prints:\n\n```\n(.*?)```/s.exec(page)!;
    const { stdout, stderr } = spawnSync(process.execPath, [file('examples/co-simulation.mjs')], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout).toBe(shown);
  });
});

describe('the examples of docs/library.md', () => {
  const page = readFileSync(file('docs/library.md'), 'utf8');
  const shown = [...page.matchAll(/```js\n(.*?)```/gs)];

  it.each([
    [
      'examples/replay-supplies.mjs',
      0,
      /^1\.2 V: .*\n1\.1 V: .* % saved.*\nunknown device .*did you mean ddr4-2400-8gb/,
    ],
    ['examples/pure-rooms.mjs', 1, /^1\.35 V: tRCD 15 cycles.*\n1\.1 V: tRCD 1[6-9] cycles/],
  ] as const)('%s is on the page, and runs', (example, i, printed) => {
    expect(shown[i]![1]).toBe(readFileSync(file(example), 'utf8'));
    const { stdout, stderr } = spawnSync(process.execPath, [file(example)], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toMatch(printed);
  });
});

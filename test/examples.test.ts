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

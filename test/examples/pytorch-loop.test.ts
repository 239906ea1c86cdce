import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const SCRIPT = file('examples/pytorch/loop.py');

/** A Python with the modules that the script needs: named by the environment, in the page's virtual environment, or on the path. */
const PYTHONS = [process.env.SPARKXD_PYTHON, '/tmp/venv-pytorch/bin/python', 'python3'];
const python = PYTHONS.find(
  (command) =>
    command !== undefined &&
    (!command.includes('/') || existsSync(command)) &&
    spawnSync(command, ['-c', 'import torch, snntorch, numpy']).status === 0,
);
if (python === undefined)
  console.info(
    'no Python with torch, snntorch and numpy here: the loop of docs/pytorch.md is not run (SPARKXD_PYTHON names one)',
  );

describe('docs/pytorch.md', () => {
  const page = readFileSync(file('docs/pytorch.md'), 'utf8');

  it('shows code of the script', () => {
    const [, shown] = /```python\n(.*?)```/s.exec(page)!;
    expect(readFileSync(SCRIPT, 'utf8')).toContain(shown);
  });

  it.skipIf(python === undefined)('describes a loop that runs, with the lines that it quotes', () => {
    const images = ['--train-images', '3000', '--test-images', '500'];
    const { stdout, stderr, status } = spawnSync(python!, [SCRIPT, ...images], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const [, quoted] = /```\n(clean.*?)```/s.exec(page)!;
    const words = (text: string): string[] =>
      [...text.matchAll(/^(.*): [\d.]+ %$/gm)].map(([, line]) => line!);
    expect(words(stdout)).toEqual(words(quoted!));
    const found = new Map(
      [...stdout.matchAll(/^(.*): ([\d.]+) %$/gm)].map(([, line, share]) => [line!, Number(share)]),
    );
    expect(found.get('clean')).toBeGreaterThan(60);
    // Exponent bits drown the neurons; the repair brings most of it back.
    expect(found.get('at 1.025 V, not repaired')).toBeLessThan(found.get('at 1.025 V, repaired')! - 20);
  });
});

import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { sparkxdIn } from '../cli/program.ts';
import { FULL } from '../effort.ts';
import { commandsOf, wordsOf } from './markdown.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sparkxd-documents-'));
afterAll(() => rmSync(folder, { recursive: true }));
// What the pages speak of as the reader's own.
for (const part of ['traces', 'networks', 'hw-models', 'docs'])
  symlinkSync(join(root, part), join(folder, part));
writeFileSync(
  join(folder, 'theirs.trace'),
  Array.from({ length: 2000 }, (_, i) => `0x${(i * 4096).toString(16)} ${i % 5 === 0 ? 'W' : 'R'}\n`).join(
    '',
  ),
);
copyFileSync(join(root, 'test/goldens/networks/mlp.nir'), join(folder, 'net.nir'));
writeFileSync(
  join(folder, 'mine.yaml'),
  readFileSync(join(root, 'test/reference-pages/ddr4-3200.yaml'), 'utf8'),
);

/** Runs the program as the page says, in the reader's folder, with what makes it quicker behind it. */
async function ran(command: string, more: readonly string[] = []): Promise<void> {
  const { code, stderr } = await sparkxdIn(folder, [...wordsOf(command), ...more]);
  expect([command, code, code === 0 ? '' : stderr]).toEqual([command, 0, '']);
}

const page = (name: string): string[] => commandsOf(readFileSync(join(root, name), 'utf8'));

describe.runIf(FULL)('docs/tutorial.md', () => {
  it('has commands that run one after the other', { timeout: 600_000 }, async () => {
    const commands = page('docs/tutorial.md');
    expect(commands.length).toBeGreaterThan(8);
    for (const command of commands) await ran(command);
  });
});

describe.runIf(FULL).each(['own-trace', 'own-device', 'own-weights', 'own-chip'])(
  'docs/how-to/%s.md',
  (name) => {
    it('has commands that run one after the other', { timeout: 600_000 }, async () => {
      for (const command of page(`docs/how-to/${name}.md`)) await ran(command);
    });
  },
);

/** Commands of the README that take minutes, with what makes them quick; what other tests run, and which. */
const QUICKER: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^sparkxd train /, ['--images', '200']],
  [/^sparkxd evaluate /, ['--images', '100']],
  [/^sparkxd run .*--chips 5/, ['--images', '50', '--chips', '1', '--supply', '1.35,1.1']],
  [/^sparkxd run /, ['--images', '50', '--chips', '1', '--supply', '1.35,1.1', '--out', 'quick']],
  [/^sparkxd tolerance /, ['--images', '50', '--trials', '2', '--bers', '1e-3']],
  [/^sparkxd record /, ['--images', '4']],
  [/^sparkxd simulate /, ['--images', '4']],
];
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^sparkxd reproduce/, 'test/cli/reproduce.test.ts'],
  [/^sparkxd sweep docs\/examples\/paper-grid/, 'test/cli/sweep.test.ts'],
  [/^sparkxd report grid/, 'test/report/sweep-report.test.ts'],
  [/^sparkxd devices import/, 'test/cli/devices.test.ts'],
  [/^sparkxd weights damage net\.pt/, 'test/cli/weights-damage.test.ts'],
  [/^sparkxd verify results/, 'test/cli/verify.test.ts'],
];

describe.runIf(FULL)('README.md', () => {
  it('has commands that run one after the other', { timeout: 900_000 }, async () => {
    for (const command of page('README.md')) {
      if (ELSEWHERE.some(([pattern]) => pattern.test(command))) continue;
      await ran(command, QUICKER.find(([pattern]) => pattern.test(command))?.[1]);
    }
  });
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bundleForBrowser } from './bundle-for-browser.ts';
import { FULL } from './effort.ts';
import { PURE_ROOMS } from './floors.ts';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const ASSEMBLY = /[/\\]assembly[/\\]/;

const files = PURE_ROOMS.flatMap((room) =>
  readdirSync(join(SRC, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !ASSEMBLY.test(`${room}/${file}`))
    .map((file) => join(SRC, room, file)),
);

it.runIf(FULL)(
  'bundles every file of the pure rooms for a browser, with nothing of Node',
  async () => {
    const entry = files.map((file, i) => `export * as m${i} from ${JSON.stringify(file)};`).join('\n');
    const { code, ofNode } = await bundleForBrowser(entry);
    // seedrandom takes its own entropy from Node's crypto where there is one; the streams are seeded and never ask for it.
    expect(ofNode.filter((name) => !/^crypto from .*[/\\]seedrandom[/\\]/.test(name))).toEqual([]);
    expect(code.length).toBeGreaterThan(500_000);
    expect(code).toContain('createChip');
    expect(code).not.toMatch(/["'`]node:/);
  },
  120_000,
);

it('would find a module of Node', async () => {
  const { ofNode } = await bundleForBrowser(
    "import { readFileSync } from 'node:fs'; export { readFileSync };",
  );
  expect(ofNode).toHaveLength(1);
});

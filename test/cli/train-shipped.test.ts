import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LONG } from '../effort.ts';
import { sparkxd } from './program.ts';

const shipped = fileURLToPath(new URL('../../networks/', import.meta.url));

describe('sparkxd train', () => {
  // A minute of work each, on one core. train-evaluate.test.ts trains a small network again from its manifest.
  it.runIf(LONG).concurrent.each(['n400-mnist', 'mlp-mnist'])(
    'reproduces the shipped %s from its manifest, byte for byte',
    async (name) => {
      const folder = await mkdtemp(join(tmpdir(), 'sparkxd-shipped-'));
      const out = join(folder, 'again.safetensors');
      try {
        const manifest = join(shipped, `${name}.manifest.json`);
        expect(await sparkxd('train', '--manifest', manifest, '--out', out)).toMatchObject({ code: 0 });
        expect(await readFile(out)).toEqual(await readFile(join(shipped, `${name}.safetensors`)));
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});

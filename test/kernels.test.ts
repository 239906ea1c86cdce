import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileKernel, KERNELS } from '../scripts/build-kernels.mjs';

/** Without line breaks and spaces, which the formatter moves. */
const tight = (text: string): string => text.replace(/\s+/g, '');

describe('the WebAssembly in src/', () => {
  it.each(KERNELS)('$target is what AssemblyScript makes of $folder', async (kernel) => {
    const target = await readFile(fileURLToPath(new URL(`../${kernel.target}`, import.meta.url)), 'utf8');
    expect(tight(target)).toBe(tight(await compileKernel(kernel)));
  });
});

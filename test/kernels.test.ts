import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileKernel, KERNELS, LAYOUTS, writeLayout } from '../scripts/build-kernels.mjs';
import { compileAssembly } from '../scripts/compile-assembly.mjs';
import { FULL } from './effort.ts';

const textOf = (file: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../${file}`, import.meta.url)), 'utf8');

/** Without line breaks and spaces, which the formatter moves. */
const tight = (text: string): string => text.replace(/\s+/g, '');

describe('the WebAssembly in src/', () => {
  it.each(LAYOUTS)('$target is what is generated from $table', async (layout) => {
    expect(await textOf(layout.target)).toBe(await writeLayout(layout));
  });

  // Compiling all of them takes ten seconds.
  it.each(KERNELS.filter(({ target }) => FULL || target.includes('/snn/kernel/')))(
    '$target is what AssemblyScript makes of $folder',
    async (kernel) => {
      expect(tight(await textOf(kernel.target))).toBe(tight(await compileKernel(kernel)));
    },
  );
});

describe('the tag @inline', () => {
  const compiled = (comment: string) =>
    compileAssembly(
      'index.ts',
      async (name) =>
        name === 'index.ts'
          ? `${comment}function twice(x: i32): i32 { return x + x; }\nexport function f(x: i32): i32 { return twice(x); }`
          : null,
      '-O0',
    );

  it('has the effect of the decorator, and only in a doc comment right before a function', async () => {
    const decorated = await compiled('@inline\n');
    expect(await compiled('/** Twice x. @inline */\n')).toEqual(decorated);
    expect(await compiled('/** Twice x. */\n')).not.toEqual(decorated);
    expect(await compiled('/** @inline */\nconst one = 1;\n')).not.toEqual(decorated);
  });
});

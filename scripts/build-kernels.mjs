// Compiles src/snn/kernel/assembly/integrate.ts and writes it as a TypeScript constant, so that the kernel needs no file at run time.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = 'src/snn/kernel/simd-binary.ts';

/** The text of src/snn/kernel/simd-binary.ts. */
export async function compileKernel() {
  const { error, stderr, binary } = await asc.compileString(
    { 'integrate.ts': await readFile(`${root}src/snn/kernel/assembly/integrate.ts`, 'utf8') },
    {
      optimizeLevel: 3,
      noAssert: true,
      runtime: 'stub',
      enable: ['simd'],
      importMemory: true,
      noExportMemory: true,
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return [
    '// Made by scripts/build-kernels.mjs from src/snn/kernel/assembly/integrate.ts: do not edit.',
    '',
    '/** WebAssembly module, base64: imports `env.memory`, exports `integrate`. */',
    'export const INTEGRATE_BINARY =',
    `  '${Buffer.from(binary).toString('base64')}';`,
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await writeFile(`${root}${target}`, await compileKernel());

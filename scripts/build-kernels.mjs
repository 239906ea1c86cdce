// Writes the tables of shared numbers as AssemblyScript, then compiles the AssemblyScript of src/ and writes each module as
// a TypeScript constant, so that no kernel needs a file at run time: npm run build:kernels
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { layoutSource, loadTable } from './assembly-layout.mjs';
import { compileAssembly } from './compile-assembly.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Tables of numbers that TypeScript and AssemblyScript share: the file, the constant in it, and the source made from it. */
export const LAYOUTS = [
  {
    table: 'src/snn/kernel/layout-table.ts',
    constant: 'KERNEL_LAYOUT',
    target: 'src/snn/kernel/assembly/layout.ts',
  },
  {
    table: 'src/dram/core/layout-table.ts',
    constant: 'CORE_LAYOUT',
    target: 'src/dram/core/assembly/layout.ts',
  },
];

/** Modules: the folder of sources, the one to begin with, sources put in the place of others, and the constant that holds the result. */
export const KERNELS = [
  {
    folder: 'src/snn/kernel/assembly/',
    entry: 'integrate.ts',
    target: 'src/snn/kernel/simd-binary.ts',
    constant: 'INTEGRATE_BINARY',
    says: 'imports `env.memory`, exports `integrate`',
  },
  {
    folder: 'src/snn/kernel/assembly/',
    entry: 'supervised.ts',
    target: 'src/snn/supervised/kernel/simd-binary.ts',
    constant: 'SUPERVISED_BINARY',
    says: 'imports `env.memory`, exports the functions of supervised.ts',
  },
  {
    folder: 'src/snn/kernel/assembly/',
    entry: 'layers.ts',
    target: 'src/snn/layers/kernel/simd-binary.ts',
    constant: 'LAYERS_BINARY',
    says: 'imports `env.memory`, exports the functions of layers.ts',
  },
  {
    folder: 'src/dram/core/assembly/',
    entry: 'index.ts',
    target: 'src/dram/core/core-binary.ts',
    constant: 'CORE_BINARY',
    says: 'imports `env.memory` and the functions of observer.ts, exports those of index.ts',
  },
  {
    folder: 'src/dram/core/assembly/',
    entry: 'index.ts',
    instead: { 'build.ts': 'export const WHOLE: bool = false;' },
    target: 'src/dram/core/lean-core-binary.ts',
    constant: 'LEAN_CORE_BINARY',
    says: 'as the whole core, without what features.ts asks about',
  },
];

/** The text of a layout's target. */
export async function writeLayout({ table, constant }) {
  return layoutSource(await loadTable(root + table, constant), table);
}

/** The text of a kernel's target. */
export async function compileKernel({ folder, entry, instead = {}, constant, says }) {
  const binary = await compileAssembly(
    entry,
    async (name) => instead[name] ?? readFile(root + folder + name, 'utf8').catch(() => null),
  );
  return [
    `// Made by scripts/build-kernels.mjs from ${folder}${entry}: do not edit.`,
    '',
    `/** WebAssembly module, base64: ${says}. */`,
    `export const ${constant} =`,
    `  '${Buffer.from(binary).toString('base64')}';`,
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const layout of LAYOUTS) await writeFile(root + layout.target, await writeLayout(layout));
  for (const kernel of KERNELS) await writeFile(root + kernel.target, await compileKernel(kernel));
}

// Compiles AssemblyScript to a WebAssembly module, as the kernels of src/ are built.
import { Node, NodeKind } from 'assemblyscript';
import asc from 'assemblyscript/asc';

/** A doc comment with the tag `@inline` that stands right before a declaration. */
const INLINE_TAG = /\/\*\*(?:(?!\*\/)[\s\S])*@inline\b(?:(?!\*\/)[\s\S])*\*\/\s*(?:export\s+)?$/;

/**
 * Gives each top-level function whose doc comment has the tag `@inline` AssemblyScript's decorator of that name. The
 * sources carry the tag rather than the decorator because TypeScript knows no decorators of functions: with them, neither
 * its compiler nor Biome parses a file.
 */
const inlineTags = {
  afterParse({ sources }) {
    for (const { text, statements, isLibrary } of sources) {
      if (isLibrary) continue;
      for (const statement of statements) {
        if (statement.kind !== NodeKind.FunctionDeclaration) continue;
        const { range } = statement;
        if (!INLINE_TAG.test(text.slice(0, range.start))) continue;
        const name = Node.createIdentifierExpression('inline', range);
        statement.decorators = [...(statement.decorators ?? []), Node.createDecorator(name, null, range)];
      }
    }
  },
};

/** The WebAssembly module of one entry; `read` gives a source's text by its name, null (a promise of it) if there is none. */
export async function compileAssembly(entry, read, optimise = '-O3') {
  let binary;
  const { error, stderr } = await asc.main(
    [
      ...[entry, '--outFile', 'kernel.wasm', optimise, '--noAssert', '--runtime', 'stub'],
      ...['--enable', 'simd', '--importMemory', '--noExportMemory'],
    ],
    {
      readFile: read,
      writeFile: (_, content) => {
        binary = content;
      },
      listFiles: () => [],
      transforms: [inlineTags],
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return binary;
}

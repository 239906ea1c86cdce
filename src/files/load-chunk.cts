// Loads the chunks of CommonJS that scripts/bundle.mjs makes of the program, with the bytecode that V8 has made of them before.
// From version 22 on, Node itself keeps that code, in a folder of its own; for Node 20, scripts/compile-code.mjs writes it
// beside the chunks when the program is built. Code of another version of V8, or of other flags, V8 refuses by itself.
const { createHash } = require('node:crypto') as typeof import('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs') as typeof import('node:fs');
const { createRequire, enableCompileCache } = require('node:module') as typeof import('node:module') & {
  /** Absent in Node 20. */
  enableCompileCache?: () => void;
};
const { dirname, join } = require('node:path') as typeof import('node:path');
const { Script } = require('node:vm') as typeof import('node:vm');

interface Chunk {
  readonly module: ChunkModule;
  readonly source: Buffer;
  readonly script: import('node:vm').Script;
}

/** What a chunk finds as `module`. */
interface ChunkModule {
  exports: unknown;
  /** What `import()` does; scripts/bundle.mjs makes chunks use it. */
  importPackage(name: string): Promise<unknown>;
}

const chunks = new Map<string, Chunk>();

/** The exports of a chunk, which is loaded once. */
function loadChunk(file: string): unknown {
  if (enableCompileCache === undefined && !isTraced()) return loadCompiled(file);
  enableCompileCache?.();
  return require(file);
}

type LoadChunk = typeof loadChunk;

export type { LoadChunk };

/** Whether stack traces shall name lines of the sources, which Node's own loader alone can do. */
const isTraced = (): boolean =>
  `${process.execArgv.join(' ')} ${process.env['NODE_OPTIONS'] ?? ''}`.includes('--enable-source-maps');

function loadCompiled(file: string): unknown {
  const before = chunks.get(file);
  if (before !== undefined) return before.module.exports;
  const source = readFileSync(file);
  const cachedData = compiledCode(file, source);
  // Chunks are ASCII (scripts/bundle.mjs).
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) { ${source.toString('latin1')}\n})`,
    { filename: file, ...(cachedData === undefined ? {} : { cachedData }) },
  );
  const module: ChunkModule = { exports: {}, importPackage: (name) => import(name) };
  chunks.set(file, { module, source, script });
  const requireOther = createRequire(file);
  const requireAny = (name: string): unknown =>
    name.startsWith('.') ? loadCompiled(join(dirname(file), name)) : requireOther(name);
  try {
    script.runInThisContext().call(module.exports, module.exports, requireAny, module, file, dirname(file));
  } catch (error) {
    chunks.delete(file);
    throw error;
  }
  return module.exports;
}

/** The file that holds the code of a chunk: a SHA-256 of the chunk and the code, then the code. */
const compiledFile = (file: string): string => `${file}.compiled`;
const HASH_BYTES = 32;
const hashOf = (source: Buffer, code: Buffer): Buffer =>
  createHash('sha256').update(source).update(code).digest();

/** The code that was made of this very chunk, if it was. */
function compiledCode(file: string, source: Buffer): Buffer | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(compiledFile(file));
  } catch {
    return undefined;
  }
  const code = bytes.subarray(HASH_BYTES);
  if (hashOf(source, code).equals(bytes.subarray(0, HASH_BYTES))) return code;
  process.stderr.write(
    `${compiledFile(file)} is broken or older than its chunk: it is not used; a new installation mends it\n`,
  );
  return undefined;
}

/** Writes the code of all chunks that were loaded, with the functions that ran so far. */
function keepCompiledCode(): void {
  for (const [file, { source, script }] of chunks) {
    const code = script.createCachedData();
    writeFileSync(compiledFile(file), Buffer.concat([hashOf(source, code), code]));
  }
}

module.exports = { loadChunk, keepCompiledCode };

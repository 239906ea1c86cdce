#!/usr/bin/env node
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { LoadChunk } from '../files/load-chunk.cts';
import type * as Program from './program.ts';

/** The program as the build bundles it (scripts/bundle.mjs). */
const BUNDLE = join(import.meta.dirname, 'program.cjs');

function load(): typeof Program {
  try {
    const { loadChunk } = createRequire(import.meta.url)('../files/load-chunk.cjs') as {
      loadChunk: LoadChunk;
    };
    return loadChunk(BUNDLE) as typeof Program;
  } catch (error) {
    process.stderr.write(
      `sparkxd: its own files are damaged: ${(error as Error).message}\ninstall it anew\n`,
    );
    process.exit(1);
  }
}

/** For a process that runs the program more than once, too (test/cli/host.mjs). */
export const { main, isStandardOutputTaken } = load();
process.exitCode = await main(process.argv.slice(2));

import type { SharedLayout } from '../src/bytes/shared-layout.ts';

/** The table that a TypeScript file exports under a name; the file imports nothing but types. */
export function loadTable(file: string, name: string): Promise<SharedLayout>;
/** The table as a source of AssemblyScript; `from` is the file that it stands in. */
export function layoutSource(layout: SharedLayout, from: string): string;

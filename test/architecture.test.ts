import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { FLOORS, PURE_ROOMS } from './floors.ts';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

const floorOf = new Map(FLOORS.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)));
/** AssemblyScript is not TypeScript, whatever its ending says. */
const ASSEMBLY = ['snn/kernel/assembly/', 'dram/core/assembly/'];
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !ASSEMBLY.some((folder) => file.startsWith(folder)),
);
const roomOf = (file: string): string => file.split(/[/\\]/)[0]!;

interface Import {
  readonly file: string;
  readonly specifier: string;
}

/** Every static, dynamic and re-exporting import, read with the compiler rather than with a pattern. */
const imports: Import[] = files.flatMap((file) => {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(SRC, file), 'utf8'),
    ts.ScriptTarget.ES2023,
    true,
  );
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
            ? node.argument.literal
            : undefined;
    if (specifier && ts.isStringLiteral(specifier)) found.push({ file, specifier: specifier.text });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
});

describe('the house', () => {
  it('is the one that docs/architecture.md shows', () => {
    const page = readFileSync(join(SRC, '../docs/architecture.md'), 'utf8');
    const shown = [...page.matchAll(/^\| (\d+) \| `(\w+)\/` \|/gm)].map(
      ([, floor, room]) => `${floor} ${room}`,
    );
    expect(shown).toEqual(FLOORS.flatMap((rooms, floor) => rooms.map((room) => `${floor} ${room}`)));
  });

  it('has no room that is on no floor', () => {
    const unknown = files.filter((file) => file.includes('/') && !floorOf.has(roomOf(file)));
    expect(unknown).toEqual([]);
  });

  it('imports only downwards', () => {
    const upwards = imports.filter(({ file, specifier }) => {
      if (!specifier.startsWith('.') || !file.includes('/')) return false;
      const from = roomOf(file);
      const to = roomOf(relative(SRC, resolve(SRC, dirname(file), specifier)));
      if (from === to) return false;
      return !(floorOf.get(to)! < floorOf.get(from)!);
    });
    expect(upwards).toEqual([]);
  });

  it('keeps Node out of the rooms below files', () => {
    const pure = (file: string) => PURE_ROOMS.includes(roomOf(file));
    expect(imports.filter(({ file, specifier }) => pure(file) && specifier.startsWith('node:'))).toEqual([]);
    const impure = files
      .filter(pure)
      .filter((file) =>
        /\b(process\.|Date\.now\(|performance\.now|setTimeout\()/.test(readFileSync(join(SRC, file), 'utf8')),
      );
    expect(impure).toEqual([]);
  });

  it('has no circle between files', () => {
    const edges = new Map<string, string[]>();
    for (const { file, specifier } of imports)
      if (specifier.startsWith('.'))
        edges.set(file, [...(edges.get(file) ?? []), relative(SRC, resolve(SRC, dirname(file), specifier))]);
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[][] = [];
    const walk = (file: string, path: string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        circles.push([...path.slice(path.indexOf(file)), file]);
        return;
      }
      state.set(file, 'open');
      for (const next of edges.get(file) ?? []) walk(next, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });
});

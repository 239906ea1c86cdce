import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { bundleForBrowser } from '../bundle-for-browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, { types: string; default: string } | string>;
};
const entries = Object.entries(exports).flatMap(([name, target]) =>
  typeof target === 'string'
    ? []
    : [[name, target.default.replace(/^\.\/dist\/(.*)\.js$/, 'src/$1.ts')] as const],
);
const pure = entries.filter(([name]) => name !== '.');

describe.each(pure)('sparkxd/%s', (_name, file) => {
  it('works in a browser and in a worker: nothing of it is of Node', async () => {
    const { code, ofNode } = await bundleForBrowser(`export * from ${JSON.stringify(join(root, file))};`);
    expect(ofNode.filter((name) => !/^crypto from .*[/\\]seedrandom[/\\]/.test(name))).toEqual([]);
    expect(code.length).toBeGreaterThan(10_000);
  }, 120_000);
});

it('has an entry for each pure room that programs use', () => {
  expect(pure.map(([name]) => name)).toEqual(['./dram', './energy', './faults', './snn']);
});

const parsed = new Map<string, ts.SourceFile>();

/** A source file, parsed once: each of its exports is looked for in it. */
function source(file: string): ts.SourceFile {
  const known =
    parsed.get(file) ?? ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true);
  parsed.set(file, known);
  return known;
}

/** The exported names of an entry file with the files that declare them. */
function exported(entry: string): { readonly name: string; readonly file: string }[] {
  return source(entry).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) return [];
    const file = resolve(entry, '..', (statement.moduleSpecifier as ts.StringLiteral).text);
    return (statement.exportClause as ts.NamedExports).elements.map(({ name, propertyName }) => ({
      name: (propertyName ?? name).text,
      file,
    }));
  });
}

/** Whether a function or class that the file exports under the name has a doc comment; anything else needs none. */
function isDocumented(name: string, file: string): boolean {
  const declared = source(file).statements.filter((statement) => {
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
      return statement.name?.text === name;
    return (
      ts.isVariableStatement(statement) &&
      statement.declarationList.declarations.some(
        ({ name: own, initializer }) =>
          own.getText() === name && initializer !== undefined && ts.isArrowFunction(initializer),
      )
    );
  });
  return declared.length === 0 || declared.some((node) => ts.getJSDocCommentsAndTags(node).length > 0);
}

it.each(entries)('%s documents each function that it exports', (_name, file) => {
  const all = exported(join(root, file));
  expect(all.length).toBeGreaterThan(10);
  expect(all.filter(({ name, file: from }) => !isDocumented(name, from)).map(({ name }) => name)).toEqual([]);
});

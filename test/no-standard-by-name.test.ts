import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { shippedModels } from './shipped-models.ts';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const standards = await shippedModels.list('standards');
const devices = await shippedModels.list('dram');

/** Names of standards and of their families, wherever they stand in a word ("address" holds "ddr" but is none). */
const NAMES = new RegExp(`${standards.join('|')}|(lp|g)ddr|ddr\\d|(?<![a-z])ddr(?![a-z])|\\bhbm`, 'i');

/** Words of code that name a standard: identifiers, and literals without the names of shipped devices in them. */
function namesIn(file: string, text: string): string[] {
  // Parsing takes long, and most files have no such name anywhere.
  if (!NAMES.test(text)) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const found: string[] = [];
  const look = (word: string): void => {
    if (!NAMES.test(word)) return;
    const rest = devices.reduce((left, device) => left.replaceAll(device, ''), word);
    // A sentence for people is prose; code compares words.
    if (NAMES.test(rest) && !/\s/.test(rest.trim())) found.push(`${file}: ${word}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) look(node.text);
    else if (ts.isLiteralExpression(node)) look(node.text);
    else if (ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) look(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe('no code names a DRAM standard', () => {
  it('in any file of src', () => {
    // The reference shows shipped files as examples, by their names.
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.startsWith('reference'),
    );
    expect(files.length).toBeGreaterThan(300);
    expect(files.flatMap((file) => namesIn(file, readFileSync(join(SRC, file), 'utf8')))).toEqual([]);
  });

  it.each([
    "if (standard === 'lpddr3') f();",
    "const old = name.toLowerCase().startsWith('lpddr');",
    'const old = /^DDR[34]$/.test(name);',
    'const old = name === `ddr$' + '{n}`;',
    'const lpddrCurrents = 1;',
    "const table = { 'ddr4': 1 };",
    "import table from './ddr4.ts';",
  ])('as it would be found in %s', (text) => {
    expect(namesIn('x.ts', text)).toHaveLength(1);
  });

  it.each([
    '// lpddr3 counts so',
    "const device = 'lpddr3-1600-4gb-sparkxd';",
    "help('measured on DDR3L modules of three vendors');",
    "const address = 'address';",
  ])('and not in %s', (text) => {
    expect(namesIn('x.ts', text)).toEqual([]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { FULL } from '../effort.ts';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** Of Math: constants, what is exact, and sqrt, which every engine leaves to the machine's, which IEEE 754 fixes. */
const FIXED: ReadonlySet<string> = new Set([
  ...['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc'],
  ...['E', 'LN2', 'LN10', 'LOG2E', 'LOG10E', 'PI', 'SQRT1_2', 'SQRT2'],
]);

/** Where functions of the engine may stand, and why: no result depends on their last digit. */
const EXCEPTIONS: Readonly<Record<string, { readonly uses: readonly string[]; readonly reason: string }>> = {
  'report/log-axis.ts': { uses: ['Math.log10'], reason: 'decades of an axis' },
  'report/floor-plan.ts': { uses: ['Math.log10'], reason: 'colours' },
  'report/command-timeline.ts': { uses: ['**', 'Math.log10'], reason: 'ticks of an axis' },
  'report/column-texts.ts': { uses: ['Math.log10'], reason: 'digits that a table shows' },
  'studio/host/sha256.ts': { uses: ['Math.cbrt'], reason: 'its first 35 bits, which a test holds' },
};

/**
 * What of a source the ECMAScript standard leaves to the engine: functions of Math that it does not fix, Math itself as a value,
 * and powers but those of the literal 2 and of BigInt, which are exact.
 */
function engineFunctions(name: string, text: string): string[] {
  // Parsing takes long, and most files have neither anywhere.
  if (!/\bMath\b|\*\*/.test(text)) return [];
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);
  const found: string[] = [];
  const take = (member: string): void => void (FIXED.has(member) || found.push(`Math.${member}`));
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === 'Math') {
      const { parent } = node;
      if (ts.isPropertyAccessExpression(parent)) take(parent.name.text);
      else if (ts.isVariableDeclaration(parent) && ts.isObjectBindingPattern(parent.name))
        for (const { propertyName, name: bound } of parent.name.elements)
          take((propertyName ?? bound).getText());
      else if (!ts.isTypeQueryNode(parent)) found.push('Math');
    }
    if (ts.isBinaryExpression(node)) {
      const { kind } = node.operatorToken;
      const ofTwo = node.left.getText() === '2' || ts.isBigIntLiteral(node.left);
      if (kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) found.push('**=');
      if (kind === ts.SyntaxKind.AsteriskAsteriskToken && !ofTwo) found.push('**');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...new Set(found)].sort();
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !/(^|\/)assembly\//.test(file));

describe('the same bytes on every engine', () => {
  it.runIf(FULL)('need elementary functions of src/elementary, not of the engine', () => {
    const uses = Object.fromEntries(
      files.flatMap((file) => {
        const found = engineFunctions(file, readFileSync(join(SRC, file), 'utf8'));
        return found.length === 0 ? [] : [[file, found]];
      }),
    );
    expect(uses).toEqual(
      Object.fromEntries(Object.entries(EXCEPTIONS).map(([file, { uses }]) => [file, uses])),
    );
  });

  it.each([
    ['Math.exp(x)', ['Math.exp']],
    ['const { fround, log1p: f } = Math', ['Math.log1p']],
    ["Math['cos'](x)", ['Math']],
    ['f(Math)', ['Math']],
    ['rates.map(Math.log10)', ['Math.log10']],
    ['10 ** x + x ** 2', ['**']],
    ['x **= y', ['**=']],
    ['2 ** k * Math.sqrt(x) + Number(10n ** 9n)', []],
  ])('%s: %j is found', (text, expected) => expect(engineFunctions('sample.ts', text)).toEqual(expected));
});

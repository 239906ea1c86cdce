import type { MathNode } from 'mathjs';
import { quoted } from '../errors/printable.ts';

/** Thrown for text that is no quantity or formula; the caller knows the file and the line. */
export class UnitError extends Error {}

/** Functions of quantities and formulas. */
export const FUNCTIONS = ['max', 'min', 'ceil', 'floor', 'round'] as const;

/** No quantity is longer; nesting is bounded with it. */
const LONGEST = 200;
const NODES = new Set(['ConstantNode', 'SymbolNode', 'OperatorNode', 'ParenthesisNode', 'FunctionNode']);
const OPERATORS = new Set(['+', '-', '*', '/']);
const CALLED: ReadonlySet<string> = new Set(FUNCTIONS);

/**
 * Holds text against the grammar of quantities and formulas before it is parsed: numbers, names, + - * /, parentheses,
 * commas. Throws UnitError for other characters, such as the # of a comment, and for text that is too long.
 */
export function requireCharacters(text: string): void {
  if (text.length > LONGEST)
    throw new UnitError(`${quoted(text)} is no quantity: it has more than ${LONGEST} characters`);
  if (text.includes('#'))
    throw new UnitError(`${quoted(text)} holds a "#": a comment needs a space before it`);
  if (text.trim() === '') throw new UnitError('an empty text is no quantity');
  if (/(?<![\w.])0[xob]/i.test(text)) throw new UnitError(`${quoted(text)} is not a decimal number`);
  const strange = /[^\w\s.+\-*/(),]|[\r\n]/u.exec(text);
  if (strange === null) return;
  if (/[\^%!]/.test(strange[0])) throw new UnitError(`${quoted(text)} uses an operator other than + - * /`);
  const micro = /[\u00b5\u03bc]/u.test(strange[0]) ? ' (write "u" for micro)' : '';
  throw new UnitError(`${quoted(text)} is not arithmetic: it holds ${quoted(strange[0])}${micro}`);
}

/**
 * Holds a parsed expression against the grammar. `known` says which names mean something. Throws UnitError for constants
 * that are no finite numbers (true, null, Infinity), names that mean nothing, calls of other functions, and values that
 * stand side by side without an operator, other than a number and its unit.
 */
export function requireArithmetic(text: string, tree: MathNode, known: (name: string) => boolean): void {
  const refuse = (what: string): never => {
    throw new UnitError(`${quoted(text)} ${what}`);
  };
  tree.traverse((node, path) => {
    if (!NODES.has(node.type)) refuse(`is not arithmetic`);
    const { value, name, op, implicit, args } = node as {
      value?: unknown;
      name?: string;
      op?: string;
      implicit?: boolean;
      args?: readonly MathNode[];
    };
    if (node.type === 'ConstantNode') {
      if (typeof value !== 'number' || Number.isNaN(value))
        refuse(`holds ${quoted(String(value))}, which is no number`);
      if (!Number.isFinite(value)) refuse('holds a number that is too large');
    }
    if (node.type === 'OperatorNode') {
      if (!OPERATORS.has(op ?? '')) refuse('uses an operator other than + - * /');
      if (implicit && !(isNumber(args![0]!) && args![1]!.type === 'SymbolNode'))
        refuse('has values side by side: put an operator between them');
    }
    if (path === 'fn') {
      if (!CALLED.has(name ?? '')) refuse(`calls a function other than ${FUNCTIONS.join(', ')}`);
    } else if (node.type === 'SymbolNode' && !known(name!))
      throw new UnitError(`${quoted(text)}: unknown unit or name ${name!.slice(0, 40)}`);
  });
}

/** What may stand before a unit without an operator: "3 ns", "-3 ns", "(1 + 2) ns", "max(1, 2) ns". */
function isNumber(node: MathNode): boolean {
  const { op, args } = node as { op?: string; args?: readonly MathNode[] };
  if (node.type === 'OperatorNode' && args?.length === 1 && (op === '-' || op === '+'))
    return isNumber(args[0]!);
  return ['ConstantNode', 'ParenthesisNode', 'FunctionNode'].includes(node.type);
}

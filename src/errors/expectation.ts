import type { z } from 'zod';

/**
 * What is expected, where a schema does not say so itself. Handed to the schema library for each reading, so that its
 * own words never appear.
 */
export function expectation(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${KINDS[issue.expected] ?? 'another kind of value'}`;
    case 'invalid_value':
      return `expected ${oneOf(issue.values.map(String))}`;
    case 'too_small':
      return COUNTED.has(issue.origin)
        ? `expected at least ${issue.minimum} ${issue.origin === 'string' ? 'characters' : 'entries'}`
        : `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return COUNTED.has(issue.origin)
        ? `expected at most ${issue.maximum} ${issue.origin === 'string' ? 'characters' : 'entries'}`
        : `expected ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
    case 'invalid_format':
      return 'expected a text of another form';
    default:
      return 'expected another value';
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'keys with values',
  record: 'names with values',
  array: 'a list',
  tuple: 'a list',
};
const COUNTED = new Set(['array', 'string', 'set', 'map', 'file']);

/** "a, b or c" */
const oneOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { parseYaml } from '../../src/hardware/yaml-syntax.ts';

/** A broken text, where its fault lies, and what is said. */
const BROKEN: readonly (readonly [text: string, at: string, says: string])[] = [
  ['a: 1\nb: "x', '2:6', 'a character is missing here or just before'],
  ['a: [1\nb: 2', '2:1', 'an indentation does not fit, or a bracket is not closed'],
  ['a: 1\n b: 2', '1:4', 'a key with its ":" stands inside a value'],
  ['a: 1\nb: @x', '2:4', 'a text cannot begin with this character'],
  ['a: "\\q"', '1:5', 'no such escape in a text in double quotation marks'],
  ['a\nb: 1', '1:1', 'a key goes over several lines'],
  ['%FOO\n---\na: 1', '1:1', 'an unknown directive'],
  ['a: & x', '1:4', 'the name of an anchor or alias is missing, or ends in ":"'],
  ['a: &x &y 1', '1:7', 'a value has two anchors'],
  ['a: &x *y', '1:7', 'an alias cannot have an anchor of its own'],
  ['a: 1\n}', '2:1', 'this does not belong here'],
  ['{a: 1 b: 2}', '1:5', 'an entry between brackets is not written as one'],
  [`${'  from: 1, to: 2 }\n'.repeat(5000)}exclude:\n  - 1\n`, '1:1', 'it is broken in a great many places'],
  [`${'k'.repeat(1100)}: 1`, '1:1', 'a key of more than 1024 characters'],
];

describe('broken YAML', () => {
  it.each(BROKEN)('broken text %# is refused with its place and what is wrong', (text, at, says) => {
    try {
      parseYaml({ text, file: 'a.yaml' });
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      const [what, place, remedy] = (error as InputError).message.split('\n');
      expect([what, place]).toEqual([`not valid YAML: ${says}`, `  at a.yaml:${at}`]);
      expect(remedy).toMatch(/^ {2}\w/);
      return;
    }
    expect.unreachable();
  });
});

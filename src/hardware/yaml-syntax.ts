import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { InputError, type Place } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import type { ModelText } from './model-source.ts';
import { DEEPEST, yamlFault } from './yaml-faults.ts';

/** Most characters of a YAML file: the largest hardware model that is shipped has 20,000. */
const LONGEST = 2 ** 20;
/** Most values that a file may hold once its aliases are written out. */
const MOST_VALUES = 100_000;

/** Names that every JavaScript object has: as keys of a file they would be found where nothing was given. */
const EVERY_OBJECT: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  'prototype',
]);

/** YAML without the rules of any one kind of file. */
export interface YamlSyntax {
  readonly document: Document.Parsed;
  /** The place of a character, counted from 0. */
  at(offset: number): Place;
}

/**
 * Parses one YAML document. Throws InputError with file:line:column for what is not UTF-8 text, is too long or nested
 * too deeply, is broken YAML, has a key twice or a key that is no plain name, an alias that names nothing, names itself
 * or is written out too often, a tag, a second document, or a comment that became part of a value.
 */
export function parseYaml({ text, file }: ModelText): YamlSyntax {
  const at = placesIn(text, file);
  const refuse = (what: string, offset: number, remedy?: string): never => {
    throw new InputError(what, { place: at(offset), ...(remedy === undefined ? {} : { remedy }) });
  };
  requirePlainText(text, refuse);
  const document = parsed(text) ?? refuse(...BROKEN_EVERYWHERE);
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) {
    const [what, remedy] = yamlFault(fault.code);
    refuse(what, fault.pos[0], remedy);
  }
  const { explicit, version } = document.directives.yaml;
  if (explicit && version !== '1.2')
    refuse(`the file says it is YAML ${version}`, 0, 'YAML 1.2 is read: leave the %YAML line out');
  requireSoundValues(document, refuse);
  return { document, at };
}

/** Each key that stands inside a value lets the parser go one step deeper, until its stack is exhausted. */
const BROKEN_EVERYWHERE = [
  'not valid YAML: it is broken in a great many places',
  0,
  'look for brackets that do not belong together, and for keys without a line of their own',
] as const;

/** Undefined where the parser has run out of its stack. */
function parsed(text: string): Document.Parsed | undefined {
  try {
    return parseDocument(text, {
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'error',
      version: '1.2',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

type Refuse = (what: string, offset: number, remedy?: string) => never;

/** Throws InputError for text that no model file is, before the parser spends time on it. */
function requirePlainText(text: string, refuse: Refuse): void {
  if (text.length > LONGEST)
    refuse(`the file has ${text.length} characters`, 0, `at most ${LONGEST} are read`);
  const strange = STRANGE.exec(text);
  if (strange?.[0] === '\ufffd') refuse('the file is not UTF-8 text', strange.index, 'save it as UTF-8');
  if (strange)
    refuse(`the file holds a control character, ${quoted(strange[0])}`, strange.index, 'remove it');
  const nested = tooDeep(text);
  if (nested !== undefined)
    refuse('lists and maps are nested too deeply', nested, `at most ${DEEPEST} levels are read`);
}

/** Control characters other than tabs and ends of lines, and the mark that stands for bytes that are not UTF-8. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
const STRANGE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/;

/**
 * The offset at which so many brackets are open, or so many lists begin in one line, that parsing would take long or
 * exhaust the stack; undefined where that is nowhere. Brackets in texts count too, so the bound lies above the nesting
 * that is allowed.
 */
function tooDeep(text: string): number | undefined {
  const compact = COMPACT.exec(text);
  if (compact) return compact.index;
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '[' || character === '{') open++;
    else if (character === ']' || character === '}') open = Math.max(0, open - 1);
    if (open > 4 * DEEPEST) return i;
  }
  return undefined;
}

const COMPACT = new RegExp(`(?:[-?:][ \\t]+){${DEEPEST},}`);

/** Walks through all values: keys, aliases, depth, size. */
function requireSoundValues(document: Document.Parsed, refuse: Refuse): void {
  /** Values behind each anchor so far, and undefined while the anchor's own value is being walked. */
  const anchors = new Map<string, number | undefined>();

  /** Answers with how many values the node stands for. */
  const walk = (node: unknown, depth: number): number => {
    const offset = offsetOf(node);
    if (depth > DEEPEST)
      refuse('lists and maps are nested too deeply', offset, `at most ${DEEPEST} levels are read`);
    if (isAlias(node)) {
      const size = anchors.get(node.source);
      if (size !== undefined) return size;
      return anchors.has(node.source)
        ? refuse(`the alias ${quoted(`*${node.source}`)} stands inside what it names`, offset)
        : refuse(
            `the alias ${quoted(`*${node.source}`)} names nothing`,
            offset,
            `write "&${node.source.slice(0, 40)}" before the value that it means, or quote a text that begins with *`,
          );
    }
    const anchor = (node as { anchor?: string } | null)?.anchor;
    if (anchor !== undefined) anchors.set(anchor, undefined);
    let size = 1;
    if (isScalar(node)) requireNoComment(node, offset, refuse);
    if (isSeq(node)) for (const item of node.items) size += walk(item, depth + 1);
    if (isMap(node)) {
      const keys = new Set<string>();
      for (const { key, value } of node.items) {
        size += walk(value, depth + 1);
        const name = keyName(key, offset, refuse);
        if (keys.has(name)) refuse(`the key ${quoted(name)} stands here twice`, offsetOf(key));
        keys.add(name);
      }
    }
    if (size > MOST_VALUES)
      refuse(`the aliases of the file stand for more than ${MOST_VALUES} values`, offset, 'write them out');
    if (anchor !== undefined) anchors.set(anchor, size);
    return size;
  };
  walk(document.contents, 0);
}

function keyName(key: unknown, mapAt: number, refuse: Refuse): string {
  const offset = offsetOf(key) || mapAt;
  if (!isScalar(key) || key.value === null || typeof key.value === 'object')
    return refuse('a key must be a plain name', offset);
  const name = String(key.value);
  if (EVERY_OBJECT.has(name))
    refuse(`unknown key ${quoted(name)}`, offset, 'no key and no name is called so');
  return name;
}

/** "16384# rows" is one text to YAML, in which a comment needs a space before it. */
function requireNoComment(
  { type, value }: { type?: unknown; value: unknown },
  offset: number,
  refuse: Refuse,
): void {
  if (type !== 'PLAIN' || typeof value !== 'string' || !/\S#\s/.test(value)) return;
  refuse(
    `the comment in ${quoted(value)} is part of the value`,
    offset,
    'put a space before the #, or the text in quotation marks',
  );
}

const offsetOf = (node: unknown): number =>
  (node as { range?: readonly number[] } | null | undefined)?.range?.[0] ?? 0;

/** The places of a text's characters by their offsets; where lines begin is found out once. */
function placesIn(text: string, file: string): (offset: number) => Place {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { file, line: low + 1, column: offset - starts[low]! + 1 };
  };
}

import { escapeControls } from '../errors/printable.ts';

const MARKUP = Symbol('markup');

/**
 * HTML or SVG. Only this file can make one: a text of a file, whatever it holds, is none, and the compiler refuses it
 * where markup is expected.
 */
export interface Markup {
  readonly [MARKUP]: string;
}

/** What a template takes: text and numbers, which it escapes, and markup, which it does not. Lists get a line each. */
type Part = string | number | Markup | readonly Markup[];

/**
 * A template of HTML or SVG: markup`<td>${text}</td>`. Attributes that take a part must be in double quotes
 * (test/report/markup.test.ts).
 */
export const markup = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  [MARKUP]: strings.reduce((before, after, i) => `${before}${written(parts[i - 1]!)}${after}`),
});

/** Markup that this program or a library of it wrote whole: a style sheet, a script. Never for what a file says. */
export const trusted = (text: string): Markup => ({ [MARKUP]: text });

/** The characters of a page or picture, to write them into a file. */
export const markupText = (whole: Markup): string => whole[MARKUP];

function written(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escapeMarkup(String(part));
  return MARKUP in part ? part[MARKUP] : part.map(markupText).join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text inside an element or a quoted attribute. Control characters, which SVG cannot hold, are shown as escapes. */
const escapeMarkup = (text: string): string =>
  withoutControls(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);

/** The text with its control characters as escapes ("\x07"), its lines and tabs as they are. */
export const withoutControls = (text: string): string => text.replaceAll(/[^\n\t]+/g, escapeControls);

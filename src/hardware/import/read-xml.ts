import { InputError, type Place } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';
import type { ModelText } from '../model-source.ts';
import { createFileValues, type FileValue, type FileValues } from './file-values.ts';

/** What may stand in the XML of a memory specification: declarations, comments, tags. */
const DECLARATION = /<\?[^<>]*\?>|<!DOCTYPE[^<>[\]]*>|<!--[\s\S]*?-->/y;
const TAG = /<(\/?)([A-Za-z][\w.-]*)((?:\s+[A-Za-z][\w.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /([A-Za-z][\w.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const BLANK = /\s+/y;
const DEEPEST = 8;

/**
 * Reads the flat XML of DRAMPower 4: `<memspec>`, in it sections, in each `<parameter id= type= value= />`. Nothing else
 * is taken: no text between tags, no other elements within a section, no entities. Throws InputError with the line.
 */
export function readMemspecXml({ text, file }: ModelText): FileValues {
  const placeAt = placesIn(text, file);
  const refuse = (what: string, offset: number, remedy?: string): never => {
    throw new InputError(what, { place: placeAt(offset), ...(remedy === undefined ? {} : { remedy }) });
  };
  const values: FileValue[] = [];
  const open: string[] = [];
  let closed = false;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found;
  };

  while (at < text.length) {
    if (match(BLANK) || match(DECLARATION)) continue;
    const start = at;
    const tag = match(TAG);
    if (!tag)
      return refuse(
        `${quoted(text.slice(start, start + 40).split(/[\r\n]/)[0]!)} is no tag of a memory specification`,
        start,
        'expected <memspec>, a section, or <parameter id="..." value="..." />',
      );
    const [, slash, name = '', attributes = '', empty] = tag;
    if (slash) {
      if (open.pop() !== name) refuse(`</${name}> closes what is not open`, start);
      closed = open.length === 0;
      continue;
    }
    if (open.length === 0 && (closed || name !== 'memspec'))
      refuse(`<${name}> is not a memory specification`, start, 'expected one <memspec>');
    if (name === 'parameter') {
      const given = attributesOf(attributes);
      const { id, value } = Object.fromEntries(given);
      if (id === undefined || value === undefined)
        return refuse('<parameter> lacks its id or its value', start, 'expected id="..." value="..."');
      if (/[&]/.test(id + value)) refuse('entities are not read', start, 'write the character itself');
      values.push({
        path: [...open.slice(1), id.trim()].join('.'),
        text: value.trim(),
        place: placeAt(start),
      });
    }
    if (!empty) open.push(name);
    if (open.length > DEEPEST) refuse('the tags are nested too deeply', start);
  }
  if (open.length > 0) refuse(`<${open.at(-1)}> is not closed`, text.length);
  return createFileValues(file, values);
}

const attributesOf = (text: string): [string, string][] =>
  [...text.matchAll(ATTRIBUTE)].map(([, name, double, single]) => [name!, double ?? single ?? '']);

/** Lines and columns, counted from 1. The offsets asked for must not go back. */
function placesIn(text: string, file: string): (offset: number) => Place {
  let line = 1;
  let lineStart = 0;
  return (offset) => {
    for (let next = text.indexOf('\n', lineStart); next >= 0 && next < offset; ) {
      line++;
      lineStart = next + 1;
      next = text.indexOf('\n', lineStart);
    }
    return { file, line, column: offset - lineStart + 1 };
  };
}

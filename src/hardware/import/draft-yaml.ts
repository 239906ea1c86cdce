import { escapeControls } from '../../errors/printable.ts';
import { type Draft, type DraftNumber, ORGANISATION_KEYS } from './draft.ts';
import { keyOf } from './file-values.ts';

/** A device file as text. */
export interface DeviceText {
  readonly text: string;
  /** By line, counted from 1, the number that stands there. */
  readonly numbers: ReadonlyMap<number, DraftNumber>;
}

/** Writes the draft as `hw-models/dram/*.yaml` are written; each number's note names the key and the line it is from. */
export function draftYaml(draft: Draft): DeviceText {
  const lines: string[] = [];
  const numbers = new Map<number, DraftNumber>();
  const number = (indent: string, key: string, value: DraftNumber | undefined): void => {
    if (value === undefined) return;
    lines.push(`${indent}${key}: ${numberText(value)}`);
    numbers.set(lines.length, value);
  };
  for (const { kind, what, place } of draft.findings)
    if (kind !== 'not used')
      lines.push(
        `# ${kind}: ${escapeControls(what)}${place?.line === undefined ? '' : ` (line ${place.line})`}`,
      );
  lines.push(`name: ${quote(draft.name)}`);
  lines.push(
    `description: ${quote(`${draft.standard.name}, imported from a ${draft.title}; what it lacks or contradicts is in the comments above.`)}`,
  );
  lines.push(`standard: ${draft.standard.name}`, 'sources:');
  const used = usedSources(draft);
  for (const [key, what] of Object.entries(draft.sources))
    if (used.has(key)) lines.push(`  ${key}: ${quote(what)}`);

  lines.push('organisation:', '  source: file');
  for (const key of ORGANISATION_KEYS) number('  ', key, draft.organisation[key]);
  number('', 'clock', draft.clock && { ...draft.clock, source: draft.clock.source ?? 'file' });
  lines.push('timing:', '  source: file');
  for (const key of draft.standard.parameters) number('  ', key, draft.timing[key]);
  lines.push('supply:', '  source: file');
  for (const key of ['nominal', 'min', 'max'] as const) number('  ', key, draft.supply[key]);
  lines.push(draft.rails.length === 0 ? 'rails: {}' : 'rails:');
  for (const rail of draft.rails) {
    lines.push(`  ${rail.name}:`, '    source: file');
    number('    ', 'nominal', rail.nominal);
    lines.push(`    scaled: ${rail.scaled}`, '    currents:');
    for (const name of draft.standard.currents) number('      ', name, rail.currents[name]);
  }
  if (draft.energyUnknown !== undefined) lines.push(`energy_unknown: ${quote(draft.energyUnknown)}`);
  return { text: `${lines.join('\n')}\n`, numbers };
}

function numberText({ text, from, source, averageOver, note }: DraftNumber): string {
  const origin = from.map((value) => `${keyOf(value)} in line ${value.place.line ?? 1}`).join(', ');
  const words = [origin, note].filter(Boolean).join('; ');
  if (words === '' && source === undefined && averageOver === undefined) return text;
  return `{ ${[
    `value: ${/[,{}[\]]/.test(text) ? quote(text) : text}`,
    ...(source === undefined ? [] : [`source: ${source}`]),
    ...(averageOver === undefined ? [] : [`average_over: ${averageOver}`]),
    ...(words === '' ? [] : [`note: ${quote(words)}`]),
  ].join(', ')} }`;
}

/** A text in quotation marks: YAML reads JSON's. */
const quote = (text: string): string => JSON.stringify(escapeControls(text));

/** Sources that numbers name; "file" always is one. */
function usedSources({ organisation, clock, timing, supply, rails }: Draft): ReadonlySet<string> {
  const all = [
    ...Object.values(organisation),
    clock,
    ...Object.values(timing),
    ...Object.values(supply),
    ...rails.flatMap(({ nominal, currents }) => [nominal, ...Object.values(currents)]),
  ];
  return new Set(['file', ...all.flatMap((value) => (value?.source === undefined ? [] : [value.source]))]);
}

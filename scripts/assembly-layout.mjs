// Writes a table of shared numbers (src/bytes/shared-layout.ts) as AssemblyScript.
import { readFile } from 'node:fs/promises';
import ts from 'typescript';

const WIDTH = 120;

/** The table that a TypeScript file exports under a name; the file imports nothing but types. */
export async function loadTable(file, name) {
  const { outputText } = ts.transpileModule(await readFile(file, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  return (await import(`data:text/javascript,${encodeURIComponent(outputText)}`))[name];
}

/** The table as a source of AssemblyScript; `from` is the file that it stands in. */
export function layoutSource({ constants, codes, records }, from) {
  return [
    `// Generated from ${from} by \`npm run build:kernels\`: do not edit.`,
    ...Object.entries(constants).map(([name, { type, value, note }]) =>
      lines(...doc(note), constant(name, type, value)),
    ),
    ...Object.values(codes).map(({ note, names, count }) =>
      lines(
        ...doc(note),
        ...names.map((name, number) => constant(name, 'i32', number)),
        constant(count, 'i32', names.length),
      ),
    ),
    ...Object.entries(records).map(([name, record]) =>
      lines(
        ...doc(record.note),
        '@unmanaged',
        `export class ${name}${record.extends ? ` extends ${record.extends}` : ''} {`,
        ...record.fields.flatMap((field) => [
          ...(field.note ? doc(field.note, '  ') : []),
          `  ${field.name}: ${field.type};`,
        ]),
        '}',
      ),
    ),
  ]
    .map((part) => `${part}\n`)
    .join('\n');
}

const lines = (...parts) => parts.join('\n');
const constant = (name, type, value) => `export const ${name}: ${type} = ${value};`;

/** A doc comment, on one line if it fits. */
function doc(text, indent = '') {
  const single = `${indent}/** ${text} */`;
  if (single.length <= WIDTH) return [single];
  const rows = [`${indent} *`];
  for (const word of text.split(' ')) {
    const longer = `${rows.at(-1)} ${word}`;
    if (longer.length <= WIDTH) rows[rows.length - 1] = longer;
    else rows.push(`${indent} * ${word}`);
  }
  return [`${indent}/**`, ...rows, `${indent} */`];
}

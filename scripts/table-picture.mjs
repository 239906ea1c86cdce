// Draws terminal text from stdin as an SVG on stdout: the picture of the result table in the README.
//   node dist/cli/main.js run --out results | node scripts/table-picture.mjs '$ npm start' > docs/run-table.svg
import { readFileSync } from 'node:fs';

const SIZE = 13;
const WIDTH = 7.83;
const LINE = 18;
const MARGIN = 16;

// Spaces that a browser keeps: it folds plain ones.
const escapeXml = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(' ', '\u00a0');
// `fold` of coreutils counts bytes, of which a rule has three a character.
const LONGEST = 165;
function folded(line) {
  if (line.length <= LONGEST) return [line];
  const space = line.lastIndexOf(' ', LONGEST) + 1;
  const end = space > 0 ? space : LONGEST;
  return [line.slice(0, end), ...folded(line.slice(end))];
}
const said = readFileSync(0, 'utf8').trimEnd().split('\n');
const lines = [process.argv[2] ?? '$', '', ...said.flatMap(folded)];
const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * WIDTH + 2 * MARGIN);
const height = lines.length * LINE + 2 * MARGIN;
const text = lines
  .map((line, i) => `<text x="${MARGIN}" y="${MARGIN + (i + 0.75) * LINE}">${escapeXml(line)}</text>`)
  .join('\n');
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Terminal: the result table of sparkxd run">
<rect width="100%" height="100%" rx="8" fill="#1c2128"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${SIZE}" fill="#d5dbe3">
${text}
</g>
</svg>
`);

// Writes the documents that are generated from the code. Run by `npm run docs` on the built program.
import { mkdirSync, writeFileSync } from 'node:fs';
import { modelFiles } from '../dist/inputs/model-files.js';
import { referencePages } from '../dist/reference/write-reference.js';
import { dataDictionary } from '../dist/results/data-dictionary.js';

const docs = new URL('../docs/', import.meta.url);
writeFileSync(new URL('results.md', docs), dataDictionary());
mkdirSync(new URL('reference/', docs), { recursive: true });
for (const [name, text] of Object.entries(await referencePages(modelFiles)))
  writeFileSync(new URL(`reference/${name}`, docs), text);

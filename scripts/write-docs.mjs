// Writes the documents that are generated from the code. Run by `npm run docs` on the built program.
import { writeFileSync } from 'node:fs';
import { dataDictionary } from '../dist/results/data-dictionary.js';

writeFileSync(new URL('../docs/results.md', import.meta.url), dataDictionary());

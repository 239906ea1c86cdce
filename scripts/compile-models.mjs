// Compiles the hardware models of hw-models/ with the built loaders into dist/hw-models/, one file a model, from which the
// program starts without parsing YAML. Part of `npm run build`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { MODEL_KINDS } from '../dist/hardware/model-source.js';
import { compileModel } from '../dist/inputs/compile-models.js';
import { modelFiles } from '../dist/inputs/model-files.js';

const folder = new URL('../dist/hw-models/', import.meta.url);
rmSync(folder, { recursive: true, force: true });
for (const kind of MODEL_KINDS) {
  mkdirSync(new URL(`${kind}/`, folder), { recursive: true });
  for (const name of await modelFiles.list(kind))
    writeFileSync(new URL(`${kind}/${name}.json`, folder), await compileModel(kind, name));
}

import { InputError } from '../../errors/input-error.ts';
import type { ModelSource, ModelText } from '../model-source.ts';
import type { Draft } from './draft.ts';
import { dramsim3Draft } from './dramsim3-draft.ts';
import type { FileValues } from './file-values.ts';
import { memspecDraft } from './memspec-draft.ts';
import { ramulator2Draft } from './ramulator2-draft.ts';
import { readIni } from './read-ini.ts';
import { readTree } from './read-tree.ts';
import { readMemspecXml } from './read-xml.ts';

/** A file as its format gives it: its values, of which the draft uses some. */
export interface ReadDraft {
  readonly draft: Draft;
  readonly values: FileValues;
}

const KNOWN =
  'expected a memory specification of DRAMSys or DRAMPower (JSON, or XML with <memspec>), a DRAMsim3 .ini, or a Ramulator 2 YAML with a DRAM section';

/** Places of the DRAM section in Ramulator 2's configurations. */
const DRAM_SECTIONS: readonly (readonly string[])[] = [['MemorySystem', 'DRAM'], ['DRAM']];

/**
 * Reads a memory specification; its format is known by its content, whatever its name. Throws InputError for a file of
 * another kind and for what its format does not allow, with the line.
 */
export async function readDraft(model: ModelText, models: ModelSource): Promise<ReadDraft> {
  const { file } = model;
  const text = model.text.replace(/^\ufeff/, '');
  const [first = ''] = text.trimStart();
  if (first === '<') {
    const values = readMemspecXml({ text, file });
    return {
      values,
      draft: await memspecDraft(values, { title: 'DRAMPower 4 memory specification (XML)', models }),
    };
  }
  if (first !== '{' && /^\s*\[\s*[A-Za-z]\w*\s*\]\s*([;#].*)?$/m.test(text)) {
    const values = readIni({ text, file });
    return { values, draft: await dramsim3Draft(values, models) };
  }
  const tree = readTree({ text, file });
  const memspec = [['memspec'], []].find((path) => tree.has([...path, 'memarchitecturespec']));
  if (memspec !== undefined) {
    const values = tree.valuesAt(memspec);
    return {
      values,
      draft: await memspecDraft(values, {
        title: 'DRAMSys or DRAMPower memory specification (JSON)',
        models,
      }),
    };
  }
  const section = DRAM_SECTIONS.find((path) => tree.has(path));
  if (section !== undefined) {
    const values = tree.valuesAt(section);
    return { values, draft: await ramulator2Draft(values, models) };
  }
  const own = tree.keys.includes('organisation') && tree.keys.includes('timing');
  throw new InputError(
    own ? 'this is a device file already' : 'this is no memory specification that is known',
    { place: { file }, remedy: own ? `sparkxd devices show ${file}` : KNOWN },
  );
}

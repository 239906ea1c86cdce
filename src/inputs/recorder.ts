import { sha256 } from '../files/sha256.ts';
import type { ModelKind, ModelSource } from '../hardware/model-source.ts';
import { modelFiles } from './model-files.ts';

/** Takes note of something that was read: what it is for, the name that the user or a file gives it, and its content. */
export type NoteInput = (role: string, name: string, content: Uint8Array | string) => void;

/** Takes a line for the user. */
export type Remark = (line: string) => void;

/**
 * Everything that a command reads, by its SHA-256. Whatever is read while a job runs goes through one recorder, so that a
 * manifest lists all of it and `verify` can name what has changed.
 */
export interface InputRecorder {
  /** Hardware models; each one that is read through it is noted, also those that a model names in turn. */
  readonly models: ModelSource;
  readonly note: NoteInput;
  /** Notes something whose SHA-256 is known already. */
  readonly noteHash: (role: string, name: string, hash: string) => void;
  /** Says what is assumed of something that was read, in a line for the user. */
  readonly remark: Remark;
  /** SHA-256 by "role name", in the order of these keys. */
  hashes(): Readonly<Record<string, string>>;
}

/** `remark` gets a line about each thing that the inputs do not say and the program assumes; by default it is dropped. */
export function createInputRecorder(
  remark: Remark = () => {},
  source: ModelSource = modelFiles,
): InputRecorder {
  const found = new Map<string, string>();
  const noteHash = (role: string, name: string, hash: string): void => {
    found.set(`${role} ${name}`, hash);
  };
  const note: NoteInput = (role, name, content) => noteHash(role, name, sha256(content));
  return {
    note,
    noteHash,
    remark,
    models: {
      list: (kind) => source.list(kind),
      async read(kind, name) {
        const model = await source.read(kind, name);
        note(ROLES[kind], name, model.text);
        return model;
      },
      async compiled(kind, name) {
        const found = await source.compiled?.(kind, name);
        for (const input of found?.inputs ?? []) noteHash(ROLES[input.kind], input.name, input.hash);
        return found;
      },
    },
    hashes: () => Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

const ROLES: Readonly<Record<ModelKind, string>> = {
  dram: 'device',
  standards: 'standard',
  subarrays: 'subarray_scheme',
  circuit: 'circuit_curve',
  voltage: 'voltage_profile',
  accelerators: 'accelerator',
  presets: 'presets',
};

import { z } from 'zod';
import { readTextIfThere } from '../files/read-file.ts';
import { sha256 } from '../files/sha256.ts';
import { writeWhole } from '../files/write-file.ts';

const keptSchema = z.strictObject({ fingerprint: z.string(), sha256: z.string(), value: z.unknown() });

/** Keeps a part of a reproduction in a file, for the next one; `fingerprint` stands for everything that it follows from. */
export async function writeKept(file: string, fingerprint: string, value: object): Promise<void> {
  const kept = { fingerprint, sha256: sha256(JSON.stringify(value)), value };
  await writeWhole(file, `${JSON.stringify(kept)}\n`);
}

/**
 * What an earlier reproduction left in a file. Undefined where there is no file, where anything that it follows from has
 * changed, and where it is not as `writeKept` left it (damaged or edited: its SHA-256 differs): it is made again then.
 */
export async function readKept<Value extends object>(
  file: string,
  fingerprint: string,
): Promise<Value | undefined> {
  const text = await readTextIfThere(file, { what: 'cannot read what was kept' });
  if (text === undefined) return undefined;
  const { data: kept } = keptSchema.safeParse(parsed(text));
  if (kept?.fingerprint !== fingerprint || kept.sha256 !== sha256(JSON.stringify(kept.value)))
    return undefined;
  return kept.value as Value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

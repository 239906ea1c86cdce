import { readFile } from 'node:fs/promises';

/**
 * What an earlier reproduction left in a file, unless anything that it follows from has changed: its fingerprint is then
 * another. Undefined where there is no file.
 */
export async function readKept<Kept extends { readonly fingerprint: string }>(
  file: string,
  fingerprint: string,
): Promise<Kept | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
  const kept = JSON.parse(text) as Kept;
  return kept.fingerprint === fingerprint ? kept : undefined;
}

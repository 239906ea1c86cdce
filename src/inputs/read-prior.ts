import { InputError } from '../errors/input-error.ts';
import { type ContextDecoder, createContextDecoder } from '../sparkxd/context-decoder.ts';
import { requirePriorChoice } from '../sparkxd/memory-rules.ts';
import type { LoadRepair } from '../sparkxd/repair-on-load.ts';
import { readNetwork, type StoredNetwork } from './read-network.ts';
import type { NoteInput } from './recorder.ts';

/** The repair of a job, and the network that it learns from: a file or a shipped name. */
export interface PriorChoice {
  readonly repair: LoadRepair;
  readonly prior?: string | undefined;
}

/**
 * The network that the repair `context` learns from, undefined for other repairs. Throws InputError where it is missing,
 * useless, or the network itself.
 */
export async function readPrior(
  { repair, prior }: PriorChoice,
  stored: StoredNetwork,
  note?: NoteInput,
): Promise<StoredNetwork | undefined> {
  requirePriorChoice(repair, prior);
  if (prior === undefined) return undefined;
  const read = await readNetwork(prior, note, 'prior');
  if (areEqual(read.bytes, stored.bytes))
    throw new InputError('the prior is the network itself, which nobody has while it is damaged', {
      place: { file: read.file },
    });
  return read;
}

/** What the repair decodes with; undefined for repairs that learn from no other network. */
export async function readContext(
  choice: PriorChoice,
  stored: StoredNetwork,
  note?: NoteInput,
): Promise<ContextDecoder | undefined> {
  const prior = await readPrior(choice, stored, note);
  if (!prior) return undefined;
  const { network } = prior;
  return createContextDecoder({ fields: network, weights: network.weights }, stored.network.ceiling);
}

const areEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

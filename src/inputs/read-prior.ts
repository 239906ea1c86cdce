import { InputError } from '../errors/input-error.ts';
import { createContextDecoder } from '../sparkxd/context-decoder.ts';
import { isRunRepair, type LoadRepair } from '../sparkxd/repair-on-load.ts';
import { readNetwork, type StoredNetwork } from './read-network.ts';

/** What the repair is asked for with. */
export interface PriorJob {
  readonly repair: LoadRepair;
  /** File or shipped name of another trained network. */
  readonly prior?: string;
}

/**
 * The network that the repair `context` learns from, undefined for other repairs. Throws InputError where it is missing,
 * useless, or the network itself.
 */
export async function readPrior(
  { repair, prior }: PriorJob,
  stored: StoredNetwork,
): Promise<StoredNetwork | undefined> {
  if (isRunRepair(repair)) {
    if (prior === undefined) return undefined;
    throw new InputError(`the repair "${repair}" takes no prior`, {
      remedy: 'leave out --prior, or choose --repair context',
    });
  }
  if (prior === undefined)
    throw new InputError(`the repair "${repair}" learns what weights look like from another network`, {
      remedy: 'name one with --prior, such as --prior n900-mnist',
    });
  const read = await readNetwork(prior);
  if (Buffer.compare(read.bytes, stored.bytes) === 0)
    throw new InputError('the prior is the network itself, which nobody has while it is damaged', {
      place: { file: read.file },
    });
  return read;
}

/** What `holdWeights` needs besides, if anything. */
export const contextOf = (prior: StoredNetwork | undefined) =>
  prior ? { context: createContextDecoder({ fields: prior.network, weights: prior.network.weights }) } : {};

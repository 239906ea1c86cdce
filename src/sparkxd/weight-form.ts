import type { ContextDecoder } from './context-decoder.ts';
import { requireTensorRepair } from './memory-rules.ts';
import { type LoadRepair, repairOf, rowLoader } from './repair-on-load.ts';
import { readTensorCodes, type StoredTensors } from './stored-tensors.ts';
import { loadStored, type StoredWeights } from './stored-weights.ts';

/** Stored weights of one kind of network, and what a loader makes of them. */
export interface WeightForm<S extends StoredTensors, W> {
  readonly stored: S;
  /** What a repair makes of an image as read, which is expected to have a bit error rate of `ber`. */
  loader(repair: LoadRepair, ber: number): (read: Uint8Array) => W;
  /** What it makes of the image as stored; chips and supplies may share the arrays. */
  sound(repair: LoadRepair, ber: number): W;
}

/** The weights of a Diehl & Cook network, inputs x neurons; `context` is what the repair of that name decodes with. */
export function matrixForm(
  stored: StoredWeights,
  context: ContextDecoder | undefined,
): WeightForm<StoredWeights, Float32Array> {
  const loader = (repair: LoadRepair, ber: number): ((read: Uint8Array) => Float32Array) => {
    if (repairOf(repair).needsPrior && ber === 0) return (read) => loadStored(stored, read, 'none');
    const tables = context?.tables(stored.coding.format, ber);
    return (read) => loadStored(stored, read, repair, tables);
  };
  return {
    stored,
    loader,
    sound: (repair, ber) =>
      repairOf(repair).needsPrior
        ? loader(repair, ber)(stored.image)
        : kept(stored, repair, () => loadStored(stored, stored.image, repair)),
  };
}

/** The weights of a layered network, one array a tensor, rows x columns. Throws InputError for a repair that it has no use for. */
export function layeredForm(stored: StoredTensors): WeightForm<StoredTensors, readonly Float32Array[]> {
  const loader = (repair: LoadRepair): ((read: Uint8Array) => readonly Float32Array[]) => {
    const load = rowLoader(requireTensorRepair(repair));
    return (read) =>
      stored.tensors.map((tensor) => load(readTensorCodes(tensor, read), tensor.coding.format, tensor.range));
  };
  return {
    stored,
    loader,
    sound: (repair) => kept(stored, repair, () => loader(repair)(stored.image)),
  };
}

/** What was made before for the same weights and repair, else what `make` makes: one object for all chips and supplies. */
function kept<W>(stored: StoredTensors, repair: LoadRepair, make: () => W): W {
  const known = undamaged.get(stored) ?? new Map<LoadRepair, unknown>();
  undamaged.set(stored, known);
  if (!known.has(repair)) known.set(repair, make());
  return known.get(repair) as W;
}

const undamaged = new WeakMap<StoredTensors, Map<LoadRepair, unknown>>();

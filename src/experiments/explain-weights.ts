import { InputError } from '../errors/input-error.ts';
import { type ExplainedFlip, explainFlips } from '../faults/explain.ts';
import { openMemory } from '../inputs/open-memory.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork, underCeiling } from '../inputs/read-network.ts';
import { createInputRecorder, type Remark } from '../inputs/recorder.ts';
import { EXPLAIN_ERRORS, type ExplainErrorsInput, modelOptionsOf } from '../settings/jobs/errors.ts';
import { completeJob } from '../settings/parse-job.ts';
import { decodeWeights, isUnsigned, weightBits } from '../snn/weight-format.ts';
import { FRACTION_BITS } from '../sparkxd/fragile-bits.ts';
import { requireBitsInPlace } from '../sparkxd/memory-rules.ts';
import type { Volts } from '../units/flavours.ts';

/** A flipped bit of a network's weight: from which input, to which neuron. */
export interface ExplainedWeight extends ExplainedFlip {
  readonly input: number;
  readonly neuron: number;
}

/** What flips at one supply, in the order of the weights, out of how many bits. */
export interface ExplainedSupply {
  readonly supply: Volts;
  readonly flips: readonly ExplainedWeight[];
  readonly bits: number;
}

/** What flips when a chip holds a network's weights at each supply, bit by bit. Throws InputError. */
export async function explainWeights(input: ExplainErrorsInput, remark?: Remark): Promise<ExplainedSupply[]> {
  const job = completeJob(EXPLAIN_ERRORS, input);
  const { format, mapping } = job;
  requireBitsInPlace(mapping);
  if (job.ecc !== 'none')
    throw new InputError(`flips are explained without check bits, not with ${job.ecc}`, {
      remedy: 'leave out --ecc',
    });
  const recorder = createInputRecorder(remark);
  const stored = underCeiling(await readNetwork(job.weights, recorder.note), job.ceiling);
  const choice = { ...job, repair: 'none' as const, modelOptions: modelOptionsOf(job) };
  const memory = await openMemory(choice, stored, recorder, () => readDataset(job.dataset));
  const { layout, image, inputs } = memory.stored;
  const { neurons } = stored.network;
  const bits = weightBits(format);
  const fractionBits = FRACTION_BITS[format];
  const explained = {
    bits,
    unsigned: isUnsigned(format),
    ...(fractionBits === undefined ? {} : { fractionBits }),
    decode: (code: number) => decodeWeights(Uint32Array.of(code), format, stored.network.ceiling)[0]!,
  };
  const slotsPerRow = (layout.rowStride * 8) / bits;
  return job.supplies.map((supply) => {
    const place = memory.at(job.chip, supply, mapping);
    const cells = memory.cellSupply(supply);
    const flips = explainFlips(image, memory.place(place), memory.chip(job.chip), cells, explained)
      .map((flip) => ({
        ...flip,
        input: inputs[Math.floor(flip.weight / slotsPerRow)]!,
        neuron: flip.weight % slotsPerRow,
      }))
      // What lies beyond a row's neurons is padding, not a weight.
      .filter(({ neuron }) => neuron < neurons);
    return { supply, flips, bits: bits * inputs.length * neurons };
  });
}

import { InputError } from '../errors/input-error.ts';
import { type ExplainedFlip, explainFlips } from '../faults/explain.ts';
import { subarrayBer } from '../faults/subarray-ber.ts';
import { type ChipRequest, openChip } from '../inputs/open-chip.ts';
import { readNetwork } from '../inputs/read-network.ts';
import { type MappingPolicy, placeWeights, policyOf } from '../mapping/policy.ts';
import { decodeWeights, type WeightFormat, weightBits } from '../snn/weight-format.ts';
import { placementRequest } from '../sparkxd/placing.ts';
import { storeWeights } from '../sparkxd/stored-weights.ts';
import type { Volts } from '../units/flavours.ts';

export interface ExplainJob extends ChipRequest {
  readonly weights: string;
  readonly format: WeightFormat;
  readonly mapping: MappingPolicy;
  readonly berLimit: number;
  readonly supply: Volts;
}

/** A flipped bit of a network's weight: from which input, to which neuron. */
export interface ExplainedWeight extends ExplainedFlip {
  readonly input: number;
  readonly neuron: number;
}

/** Bits of the fraction in the floating-point formats (IEEE 754 binary32 and binary16, bfloat16). */
const FRACTION_BITS: Readonly<Partial<Record<WeightFormat, number>>> = { fp32: 23, fp16: 10, bf16: 7 };

/** What flips when a chip holds a network's weights at a supply, bit by bit, in the order of the weights. */
export async function explainWeights(
  job: ExplainJob,
): Promise<{ flips: readonly ExplainedWeight[]; bits: number }> {
  const { device, chip } = await openChip(job);
  const { network } = await readNetwork(job.weights);
  if (policyOf(job.mapping).bitLayout === 'planes')
    throw new InputError(
      `flips are explained weight by weight, the mapping ${job.mapping} takes weights apart`,
      { remedy: 'choose another mapping' },
    );
  const stored = storeWeights(network, { format: job.format, ecc: 'none' }, device);
  const { layout, image } = stored;
  const ber = subarrayBer(chip, job.supply);
  const placement = placeWeights(job.mapping, placementRequest(stored, device.organisation, ber, job));
  const bits = weightBits(job.format);
  const fractionBits = FRACTION_BITS[job.format];
  const format = {
    bits,
    ...(fractionBits === undefined ? {} : { fractionBits }),
    decode: (code: number) => decodeWeights(Uint32Array.of(code), job.format)[0]!,
  };
  const slotsPerInput = (layout.rowStride * 8) / bits;
  const flips = explainFlips(image, placement, chip, job.supply, format)
    .map((flip) => ({
      ...flip,
      input: Math.floor(flip.weight / slotsPerInput),
      neuron: flip.weight % slotsPerInput,
    }))
    // What lies beyond a row's neurons is padding, not a weight.
    .filter(({ neuron }) => neuron < network.neurons);
  return { flips, bits: bits * network.weights.length };
}

import { InputError } from '../errors/input-error.ts';
import { type ExplainedFlip, explainFlips } from '../faults/explain.ts';
import type { Chip } from '../faults/weak-cells-at.ts';
import type { Placement } from '../hardware/placement.ts';
import {
  type OpenLayeredMemory,
  type OpenMemory,
  openLayeredMemory,
  openMemory,
} from '../inputs/open-memory.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readAnyNetwork } from '../inputs/read-network.ts';
import { createInputRecorder, type Remark } from '../inputs/recorder.ts';
import { partOfPlacement } from '../mapping/part-of-placement.ts';
import { endByte } from '../mapping/weight-image.ts';
import {
  EXPLAIN_ERRORS,
  type ExplainErrorsInput,
  type ExplainErrorsJob,
  modelOptionsOf,
} from '../settings/jobs/errors.ts';
import { completeJob } from '../settings/parse-job.ts';
import { weightTensors } from '../snn/layers/layered-network.ts';
import { decodeWeights, isUnsigned, weightBits } from '../snn/weight-format.ts';
import { FRACTION_BITS } from '../sparkxd/fragile-bits.ts';
import { requireBitsInPlace, requireLimitUse } from '../sparkxd/memory-rules.ts';
import type { StoredTensor } from '../sparkxd/stored-tensors.ts';
import type { Volts } from '../units/flavours.ts';

/** A flipped bit of a network's weight: from which input, to which neuron. */
export interface ExplainedWeight extends ExplainedFlip {
  readonly input: number;
  readonly neuron: number;
}

/** That of a layered network: of which tensor, in which of its rows, and which weight of the row. */
export interface ExplainedLayerWeight extends ExplainedFlip {
  readonly tensor: string;
  readonly tensorRow: number;
  readonly column: number;
}

/** What flips at one supply, in the order of the weights, out of how many bits. */
export interface ExplainedSupply<Flip> {
  readonly supply: Volts;
  readonly flips: readonly Flip[];
  readonly bits: number;
}

/** What flips when a chip holds a network's weights at each supply, bit by bit. Throws InputError. */
export async function explainWeights(
  input: ExplainErrorsInput,
  remark?: Remark,
): Promise<ExplainedSupply<ExplainedWeight | ExplainedLayerWeight>[]> {
  const job = completeJob(EXPLAIN_ERRORS, input);
  requireExplainable(job);
  const recorder = createInputRecorder(remark);
  const network = await readAnyNetwork(job.weights, recorder.note);
  const choice = { ...job, repair: 'none' as const, modelOptions: modelOptionsOf(job) };
  if (network.kind === 'layered')
    return explainSupplies(job, await openLayeredMemory(choice, weightTensors(network.network), recorder));
  const memory = await openMemory(choice, network, recorder, () => readDataset(job.dataset));
  const { inputs } = memory.stored;
  return explainSupplies(job, memory).map(({ flips, ...supply }) => ({
    ...supply,
    flips: flips.map(({ tensor: _, tensorRow, column, ...flip }) => ({
      ...flip,
      input: inputs[tensorRow]!,
      neuron: column,
    })),
  }));
}

/** Throws InputError for a mapping that moves bits, and for check bits. */
export function requireExplainable({ mapping, ecc }: Pick<ExplainErrorsJob, 'mapping' | 'ecc'>): void {
  requireBitsInPlace(mapping);
  if (ecc !== 'none')
    throw new InputError(`flips are explained without check bits, not with ${ecc}`, {
      remedy: 'leave out --ecc',
    });
}

/** The same for weights in an open memory, tensor after tensor: those of a layered network (`openLayeredMemory`), or the one of a matrix. */
export function explainSupplies(
  job: Pick<ExplainErrorsJob, 'mapping' | 'chip' | 'supplies' | 'ecc' | 'tensorLimits'>,
  memory: OpenMemory | OpenLayeredMemory,
): ExplainedSupply<ExplainedLayerWeight>[] {
  requireExplainable(job);
  requireLimitUse(job.tensorLimits, [job.mapping]);
  const { tensors, image } = memory.stored;
  const weights = tensors.map(({ part, columns, coding }) => part.rows * columns * weightBits(coding.format));
  return job.supplies.map((supply) => {
    const placement = memory.place(memory.at(job.chip, supply, job.mapping));
    const chip = memory.chip(job.chip);
    const cells = memory.cellSupply(supply);
    const flips = tensors.flatMap((tensor) => explainTensor(tensor, image, placement, chip, cells));
    return { supply, flips, bits: weights.reduce((sum, bits) => sum + bits, 0) };
  });
}

/** The flips of one tensor, in the order of its weights. */
function explainTensor(
  { name, part, columns, coding: { format }, range }: StoredTensor,
  image: Uint8Array,
  placement: Placement,
  chip: Chip,
  supply: Volts,
): ExplainedLayerWeight[] {
  const bits = weightBits(format);
  const fractionBits = FRACTION_BITS[format];
  const [from, to] = [part.firstByte, endByte(part)];
  const slotsPerRow = (part.rowStride * 8) / bits;
  const where = partOfPlacement(placement, from, to);
  return (
    explainFlips(image.subarray(from, to), where, chip, supply, {
      bits,
      unsigned: isUnsigned(format),
      ...(fractionBits === undefined ? {} : { fractionBits }),
      decode: (code: number) => decodeWeights(Uint32Array.of(code), format, range.ceiling)[0]!,
    })
      .map((flip) => ({
        ...flip,
        tensor: name,
        tensorRow: Math.floor(flip.weight / slotsPerRow),
        column: flip.weight % slotsPerRow,
      }))
      // What lies beyond a row's weights is padding, not a weight.
      .filter(({ column }) => column < columns)
  );
}

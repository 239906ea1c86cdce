import type { Dataset } from '../datasets/dataset.ts';
import { type Knowledge, knowledgeOf, membersBy } from '../faults/chip.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import { decidingImages, keptInputsOf } from '../sparkxd/kept-inputs.ts';
import { requireLayeredChoice, requireMatrixChoice } from '../sparkxd/memory-rules.ts';
import type { LayeredTensor } from '../sparkxd/stored-layers.ts';
import {
  createLayeredMemory,
  createWeightMemory,
  type LayeredMemory,
  type MemoryPlace,
  type WeightMemory,
  type WeightMemorySettings,
} from '../sparkxd/weight-memory.ts';
import type { Bytes, Volts } from '../units/flavours.ts';
import { type ChipChoice, type OpenChips, openChips } from './open-chips.ts';
import { type StoredNetwork, underCeiling } from './read-network.ts';
import { type PriorChoice, readContext } from './read-prior.ts';
import type { InputRecorder } from './recorder.ts';

/** What a job says of its memory. */
export interface MemoryChoice extends WeightMemorySettings, ChipChoice, PriorChoice {
  /**
   * Leave out the weight rows of the least active inputs that together make at most this share of the spikes expected
   * on the training images; 0: of those that never spike there. All rows are stored by default.
   */
  readonly pruneInputs?: number | undefined;
  /** No weight is above it; by default the network's own largest. */
  readonly ceiling?: number | undefined;
  /** How the weights were stored before, where that is known: which inputs, and the bytes to which rows are padded. */
  readonly storedBefore?: { readonly inputs: Uint32Array; readonly burstBytes: Bytes } | undefined;
}

/** What comes with a memory that was opened: its chips. */
export interface WithChips extends OpenChips {
  /** What is known of a chip at a supply of the device. The one of the map is known. */
  knowledge(number: number, supply: Volts): Knowledge;
  /** How many modules of a population are known at a supply of the device; undefined where the profile is none. */
  modules(supply: Volts): Readonly<Record<Knowledge, readonly string[]>> | undefined;
  /** One chip at one supply under one mapping. */
  at(chip: number, supply: Volts, mapping: MappingPolicy): MemoryPlace;
}

/** The memory of a Diehl & Cook network, with its chips. */
export interface OpenMemory extends WeightMemory, WithChips {}

/** That of a layered network. */
export interface OpenLayeredMemory extends LayeredMemory, WithChips {}

/** What a job says of the memory of a layered network; what only Diehl & Cook networks have is refused. */
export type LayeredMemoryChoice = Omit<MemoryChoice, 'storedBefore'> & {
  /** Bytes to which rows are padded; by default the device's bursts. */
  readonly burstBytes?: Bytes | undefined;
};

/**
 * The same for the tensors of a layered network (`weightTensors`). Throws InputError as `openMemory`, and for what only Diehl & Cook
 * networks have.
 */
export async function openLayeredMemory(
  choice: LayeredMemoryChoice,
  tensors: readonly LayeredTensor[],
  recorder: InputRecorder,
): Promise<OpenLayeredMemory> {
  requireLayeredChoice(choice);
  const chips = await openChips(choice, recorder);
  const { device, profile } = chips;
  const parts = { device, profile, tensors, burstBytes: choice.burstBytes };
  return withChips(createLayeredMemory(parts, choice), chips);
}

/**
 * Opens the memory of a job and stores the network in it: the way of every command that puts weights into DRAM. All that
 * is read is noted in `recorder`; `dataset` gives the images that decide which inputs are left out, where any are.
 * Throws InputError for files that cannot serve, and for settings that make no sense together (sparkxd/memory-rules.ts).
 */
export async function openMemory(
  choice: MemoryChoice,
  given: StoredNetwork,
  recorder: InputRecorder,
  dataset: () => Promise<Dataset>,
): Promise<OpenMemory> {
  requireMatrixChoice(choice);
  const stored = underCeiling(given, choice.ceiling);
  const { pruneInputs } = choice;
  const chips = await openChips(choice, recorder);
  const { device, profile } = chips;
  const context = await readContext(choice, stored, recorder.note);
  const before = choice.storedBefore;
  const kept = before?.inputs ?? (pruneInputs === undefined ? undefined : await keptInputs(pruneInputs));
  const parts = { device, profile, network: stored.network, kept, burstBytes: before?.burstBytes, context };
  return withChips(createWeightMemory(parts, choice), chips);

  async function keptInputs(share: number): Promise<Uint32Array | undefined> {
    const images = await dataset();
    recorder.note('training_images', images.name, decidingImages(images).pixels);
    return keptInputsOf(stored.network, images, share);
  }
}

/** A memory with chips, and what is known of them at the supplies of the device. */
function withChips<M extends Pick<WeightMemory, 'cellSupply'>>(memory: M, chips: OpenChips): M & WithChips {
  const { device, profile } = chips;
  const { nominal } = device.supply;
  return {
    ...memory,
    ...chips,
    knowledge(number, supply) {
      const one = chips.chip(number);
      if (one.kind === 'measured') return 'known';
      return knowledgeOf(one.member, (memory.cellSupply(supply) / nominal) * profile.nominal);
    },
    modules: (supply) =>
      !chips.measured && profile.population === true
        ? membersBy(profile, nominal, memory.cellSupply(supply))
        : undefined,
    at: (number, supply, mapping) => ({ chip: () => chips.heldAt(number, supply), supply, mapping }),
  };
}

import type { Dataset } from '../datasets/dataset.ts';
import { InputError } from '../errors/input-error.ts';
import { type Knowledge, knowledgeOf, membersBy } from '../faults/chip.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import { weightTensors } from '../snn/layers/layered-network.ts';
import { decidingImages, keptInputsOf } from '../sparkxd/kept-inputs.ts';
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
import { type StoredLayers, type StoredNetwork, underCeiling } from './read-network.ts';
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

/** A memory with its chips. */
export type OpenMemory = WeightMemory & OpenPlaces;

/** The memory of a layered network, with its chips. */
export type OpenLayeredMemory = LayeredMemory & OpenPlaces;

/** The chips of a memory, and places on them. */
export interface OpenPlaces extends OpenChips {
  /** What is known of a chip at a supply of the device. The one of the map is known. */
  knowledge(number: number, supply: Volts): Knowledge;
  /** How many modules of a population are known at a supply of the device; undefined where the profile is none. */
  modules(supply: Volts): Readonly<Record<Knowledge, readonly string[]>> | undefined;
  /** One chip at one supply under one mapping. */
  at(chip: number, supply: Volts, mapping: MappingPolicy): MemoryPlace;
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
  const stored = underCeiling(given, choice.ceiling);
  const { pruneInputs } = choice;
  const chips = await openChips(choice, recorder);
  const { device, profile } = chips;
  const context = await readContext(choice, stored, recorder.note);
  const before = choice.storedBefore;
  const kept = before?.inputs ?? (pruneInputs === undefined ? undefined : await keptInputs(pruneInputs));
  const parts = { device, profile, network: stored.network, kept, burstBytes: before?.burstBytes, context };
  return onChips(createWeightMemory(parts, choice), chips);

  async function keptInputs(share: number): Promise<Uint32Array | undefined> {
    const images = await dataset();
    recorder.note('training_images', images.name, decidingImages(images).pixels);
    return keptInputsOf(stored.network, images, share);
  }
}

/**
 * The same for a layered network: `ceiling` is of all its tensors. Throws InputError also for what only the memory of a Diehl & Cook
 * network has.
 */
export async function openLayeredMemory(
  choice: MemoryChoice,
  { network, file }: Pick<StoredLayers, 'network' | 'file'>,
  recorder: InputRecorder,
): Promise<OpenLayeredMemory> {
  const { ceiling } = choice;
  requireOfLayers(choice, file);
  const chips = await openChips(choice, recorder);
  const { device, profile } = chips;
  const tensors = weightTensors(network).map((tensor) => ({ ...tensor, ceiling }));
  return onChips(createLayeredMemory({ device, profile, tensors }, choice), chips);
}

/** Throws InputError for settings that make no sense for a layered network, all of them at once. */
function requireOfLayers({ pruneInputs, prior }: MemoryChoice, file: string): void {
  const given = [
    ...(pruneInputs === undefined ? [] : ['--prune-inputs']),
    ...(prior === undefined ? [] : ['--prior']),
  ];
  if (given.length > 0)
    throw new InputError(
      `a layered network has no use for ${given.join(' and ')}, which are of Diehl & Cook networks`,
      {
        place: { file },
        remedy: `leave out ${given.join(' and ')}`,
      },
    );
}

function onChips<M extends Pick<WeightMemory, 'cellSupply'>>(memory: M, chips: OpenChips): M & OpenPlaces {
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

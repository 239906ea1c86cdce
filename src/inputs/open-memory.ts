import type { Dataset } from '../datasets/dataset.ts';
import { requireCurrents } from '../energy/energy-of.ts';
import { createChip, type Knowledge, knowledgeOf, membersBy } from '../faults/chip.ts';
import { type ErrorModelId, type ErrorModelOptions, errorModel } from '../faults/error-model.ts';
import { type Chip, heldAt } from '../faults/weak-cells-at.ts';
import { loadDevice } from '../hardware/load-device.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import { decidingImages, keptInputsOf } from '../sparkxd/kept-inputs.ts';
import { requireChipChoice, requireCurveUse } from '../sparkxd/memory-rules.ts';
import {
  createWeightMemory,
  type MemoryPlace,
  type WeightMemory,
  type WeightMemorySettings,
} from '../sparkxd/weight-memory.ts';
import type { Bytes, Volts } from '../units/flavours.ts';
import { openMap } from './open-chip.ts';
import { isTransferred, levelledInWords, openProfile } from './open-profile.ts';
import { type StoredNetwork, underCeiling } from './read-network.ts';
import { type PriorChoice, readContext } from './read-prior.ts';
import type { InputRecorder } from './recorder.ts';
import { retentionAt } from './retention-at.ts';

/** What a job says of its memory. */
export interface MemoryChoice extends WeightMemorySettings, PriorChoice {
  readonly device: string;
  /** Circuit curve in place of the device's. */
  readonly latencyCurve?: string | undefined;
  /** Whether the device must give currents, because its energy is what is asked for. */
  readonly needsCurrents?: boolean;
  /** By default SparkXD's, where its errors are known (open-profile.ts). */
  readonly profile?: string | undefined;
  readonly errorModel: ErrorModelId;
  readonly modelOptions?: ErrorModelOptions;
  /** A measured map of weak cells (CSV or .wcm) instead of generated chips. */
  readonly weakCells?: string | undefined;
  /**
   * Leave out the weight rows of the least active inputs that together make at most this share of the spikes expected
   * on the training images; 0: of those that never spike there. All rows are stored by default.
   */
  readonly pruneInputs?: number | undefined;
  /** No weight is above it; by default the network's own largest. */
  readonly ceiling?: number | undefined;
  /** How the weights were stored before, where that is known: which inputs, and the bytes to which rows are padded. */
  readonly storedBefore?: { readonly inputs: Uint32Array; readonly burstBytes: Bytes } | undefined;
  /** Temperature (degC) at which the cells must keep their charge; retention is left out by default. */
  readonly temperature?: number | undefined;
  /** Of the chips. */
  readonly seed: number;
}

/** A memory with its chips. */
export interface OpenMemory extends WeightMemory {
  /** Whether the chips are one that a map lists, whatever its number. */
  readonly measured: boolean;
  /** Whether the errors of its chips were measured on devices of another standard. */
  readonly transferred: boolean;
  /** The chip of a number under the job's seed, or the one of the map. */
  chip(number: number): Chip;
  /** The member of the profile that a chip takes; undefined for the one of the map. */
  module(number: number): string | undefined;
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
  requireChipChoice(choice);
  const stored = underCeiling(given, choice.ceiling);
  const { pruneInputs, weakCells, seed } = choice;
  const device = await loadDevice(choice.device, recorder.models, choice.latencyCurve);
  if (choice.needsCurrents) requireCurrents(device);
  const profile = await openProfile(choice.profile, device, recorder, weakCells !== undefined);
  requireCurveUse(choice, profile);
  const context = await readContext(choice, stored, recorder.note);
  const before = choice.storedBefore;
  const kept = before?.inputs ?? (pruneInputs === undefined ? undefined : await keptInputs(pruneInputs));
  const parts = { device, profile, network: stored.network, kept, burstBytes: before?.burstBytes, context };
  const memory = createWeightMemory(parts, choice);

  const retention = retentionAt(choice, device, profile, recorder.remark);
  const map = weakCells === undefined ? undefined : await openMap(choice, weakCells, seed, recorder);
  const made = new Map<number, Chip>();
  const chip = (number: number): Chip => {
    if (map) return map.chip;
    const model = errorModel(choice.errorModel, choice.modelOptions);
    const known = made.get(number);
    if (known) return known;
    const found = createChip(profile, device, {
      seed,
      chip: number,
      model,
      ...(retention ? { retention } : {}),
    });
    for (const line of levelledInWords(profile, [found.member])) recorder.remark(line);
    made.set(number, found);
    return found;
  };
  const { nominal } = device.supply;
  return {
    ...memory,
    measured: map !== undefined,
    transferred: map === undefined && isTransferred(profile, device),
    chip,
    module(number) {
      const one = chip(number);
      return one.kind === 'measured' ? undefined : one.member.name;
    },
    knowledge(number, supply) {
      const one = chip(number);
      if (one.kind === 'measured') return 'known';
      return knowledgeOf(one.member, (memory.cellSupply(supply) / nominal) * profile.nominal);
    },
    modules: (supply) =>
      map === undefined && profile.population === true
        ? membersBy(profile, nominal, memory.cellSupply(supply))
        : undefined,
    at: (number, supply, mapping) => ({ chip: () => heldAt(chip(number), supply), supply, mapping }),
  };

  async function keptInputs(share: number): Promise<Uint32Array | undefined> {
    const images = await dataset();
    recorder.note('training_images', images.name, decidingImages(images).pixels);
    return keptInputsOf(stored.network, images, share);
  }
}

import { type FlippingCells, listFlippingCells, listWeakBits } from '../faults/inject.ts';
import { subarrayBer } from '../faults/subarray-ber.ts';
import { type Chip, heldAt } from '../faults/weak-cells-at.ts';
import { bytesPerBurst, type Device } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import type { BitLayout } from '../mapping/bit-layout.ts';
import type { PlacementRequest } from '../mapping/placement-request.ts';
import { type MappingPolicy, placeWeights, policyOf } from '../mapping/policy.ts';
import type { TensorLimit } from '../mapping/subarray-use.ts';
import type { Network } from '../snn/network.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import type { Bytes, Volts } from '../units/flavours.ts';
import type { ContextDecoder } from './context-decoder.ts';
import { errorSupply } from './error-supply.ts';
import { type HeldWeights, type HoldingConditions, holdForm, holdPlaced } from './held-weights.ts';
import { requirePlacing, requireRowRepair, requireTensorRepair } from './memory-rules.ts';
import { limitsOf, mapOf, placementRequest } from './placing.ts';
import type { LoadRepair } from './repair-on-load.ts';
import { cellsOfImage, createRowReads, type DrawOf, type RowReads } from './row-reads.ts';
import { type LayeredTensor, storeLayers } from './stored-layers.ts';
import { bitLayoutOf, type StoredTensors } from './stored-tensors.ts';
import { type StoredWeights, storeWeights } from './stored-weights.ts';
import type { NamedValue } from './tensor-names.ts';
import type { WeightCoding } from './weight-coding.ts';
import { layeredForm, matrixForm, type WeightForm } from './weight-form.ts';

/** How weights lie in a memory and what the loader makes of them. */
export interface WeightMemorySettings extends WeightCoding {
  readonly timing: TimingMode;
  readonly berLimit: number;
  /** Of layered networks: limits of single tensors, for the mappings that look at them. */
  readonly tensorLimits?: readonly NamedValue<number>[] | undefined;
  /** Of layered networks: formats of single tensors. */
  readonly tensorFormats?: readonly NamedValue<WeightFormat>[] | undefined;
  readonly occupied: number;
  readonly repair: LoadRepair;
}

/** What a memory of a Diehl & Cook network is made of. */
export interface WeightMemoryParts {
  readonly device: Device;
  readonly profile: VoltageProfile;
  readonly network: Network;
  /** Inputs whose weights are stored, ascending; all by default. */
  readonly kept?: Uint32Array | undefined;
  /** Bytes to whole multiples of which the weight rows are padded; by default the device's bursts. */
  readonly burstBytes?: Bytes | undefined;
  /** What the repair `context` decodes with. */
  readonly context?: ContextDecoder | undefined;
}

/** What a memory of a layered network is made of. */
export interface LayeredMemoryParts {
  readonly device: Device;
  readonly profile: VoltageProfile;
  /** As `weightTensors` gives them (snn/layers/layered-network.ts), with the bounds of training where there are any. */
  readonly tensors: readonly LayeredTensor[];
  readonly burstBytes?: Bytes | undefined;
}

/** A chip of the memory, at a supply, under a mapping. */
export interface MemoryPlace {
  /** Made when it is first needed: a policy that looks at no error rates places weights without a chip. */
  readonly chip: () => Chip;
  readonly supply: Volts;
  readonly mapping: MappingPolicy;
}

/**
 * The weights of one network in the memory of one device: the one way in which every command stores, places, reads,
 * damages, corrects and repairs them. Loaded, they are `W`: of a Diehl & Cook network inputs x neurons.
 */
export interface WeightMemory<S extends StoredTensors = StoredWeights, W = Float32Array> {
  readonly device: Device;
  readonly profile: VoltageProfile;
  /** Coding, layout and byte image. */
  readonly stored: S;
  /** The supply whose errors the cells show when the device runs at `supply` (`errorSupply`). */
  cellSupply(supply: Volts): Volts;
  /** Expected bit error rate of each subarray of a chip at a supply of the device. */
  errorRates(chip: Chip, supply: Volts): Float64Array;
  /** What a policy knows when it places the weights. */
  request(place: MemoryPlace): PlacementRequest;
  /** The limits of all tensors, where the mapping looks at them and any has one of its own. */
  limits(mapping: MappingPolicy): readonly TensorLimit[] | undefined;
  /** Where the weights lie. Throws InputError when they do not fit. */
  place(place: MemoryPlace): Placement;
  /** Where they lie, and what one reading of all of them gives back. */
  hold(place: MemoryPlace): HeldWeights<W>;
  /** The same for weights that lie at a placement already. */
  holdAt(place: MemoryPlace, placement: Placement): HeldWeights<W>;
  /** How the bits of the image lie at a placement. */
  bitLayout(place: MemoryPlace, placement: Placement): BitLayout;
  /** The cells of the weights at a placement that a read may flip; their bits are those of `stored.image`. */
  cells(place: MemoryPlace, placement: Placement): FlippingCells;
  /**
   * Single reads of the weight rows with these cells. Where reads may differ (`varies`), throws InputError for a repair that
   * needs the whole matrix.
   */
  reads(cells: FlippingCells, varies: boolean, draw?: DrawOf): RowReads;
  /** What the loader makes of loading number n of all weights, for the bit error rate expected where they lie. */
  loads(cells: FlippingCells, berPlaced: number, draw?: DrawOf): (n: number) => W;
  /** The same weights as stored, under another timing or with another repair. */
  under(
    conditions: Partial<Pick<WeightMemorySettings, 'timing' | 'repair' | 'tensorLimits'>>,
  ): WeightMemory<S, W>;
  /** The same network in the same memory under another coding, whole. */
  recoded(coding: WeightCoding): WeightMemory<S, W>;
}

/** The memory of a layered network, which loads an array a tensor, rows x columns. */
export type LayeredMemory = WeightMemory<StoredTensors, readonly Float32Array[]>;

const NO_RATES = new Float64Array(0);

/** Stores the weights of a Diehl & Cook network. Throws InputError for a coding that makes no sense. */
export function createWeightMemory(parts: WeightMemoryParts, settings: WeightMemorySettings): WeightMemory {
  const { device, profile, network, context } = parts;
  const { format, ecc, parityBits } = settings;
  const stored = storeWeights(network, { format, ecc, parityBits }, device, parts.kept, parts.burstBytes);
  return memoryOf(parts, matrixForm(stored, context), settings, (coding) =>
    createWeightMemory({ device, profile, network, context }, coding),
  );
}

/**
 * Stores the weights of a layered network, one tensor after the other. Throws InputError for codings that cannot hold them, all that
 * is in the way at once, and for a repair that needs what only a Diehl & Cook network has.
 */
export function createLayeredMemory(
  parts: LayeredMemoryParts,
  settings: WeightMemorySettings,
): LayeredMemory {
  const { device, profile, tensors } = parts;
  requireTensorRepair(settings.repair);
  const stored = storeLayers(tensors, settings, parts.burstBytes ?? bytesPerBurst(device.organisation));
  return memoryOf(parts, layeredForm(stored), settings, (coding) =>
    createLayeredMemory({ device, profile, tensors }, coding),
  );
}

function memoryOf<S extends StoredTensors, W>(
  parts: Pick<WeightMemoryParts, 'device' | 'profile'>,
  form: WeightForm<S, W>,
  settings: WeightMemorySettings,
  recode: (settings: WeightMemorySettings) => WeightMemory<S, W>,
): WeightMemory<S, W> {
  const { device, profile } = parts;
  const { stored } = form;
  const { timing, repair } = settings;
  const cellSupply = (supply: Volts): Volts => errorSupply(device, profile, supply, timing);
  const errorRates = (chip: Chip, supply: Volts): Float64Array =>
    subarrayBer(heldAt(chip, supply), cellSupply(supply));
  const request = ({ chip, supply, mapping }: MemoryPlace): PlacementRequest => {
    requirePlacing(settings, mapping);
    if (!policyOf(mapping).needsErrorRates)
      return placementRequest(stored, device.organisation, NO_RATES, { ...settings, mapping });
    const rates = errorRates(chip(), supply);
    return placementRequest(stored, device.organisation, rates, { ...settings, mapping, ...mapOf(chip()) });
  };
  const bitLayout = ({ chip, supply, mapping }: MemoryPlace, placement: Placement): BitLayout =>
    bitLayoutOf(stored, mapping, () => listWeakBits(placement, chip(), cellSupply(supply)));
  const holding = ({ supply, mapping }: MemoryPlace): HoldingConditions => ({
    ...settings,
    supply: cellSupply(supply),
    mapping,
  });
  const onAny = new Map<MappingPolicy, Placement>();
  /** Where a policy that looks at no error rates places the weights, whatever the chip and the supply. */
  const placedOnAny = (place: MemoryPlace): Placement => {
    const placement = onAny.get(place.mapping) ?? placeWeights(place.mapping, request(place));
    onAny.set(place.mapping, placement);
    return placement;
  };
  return {
    device,
    profile,
    stored,
    cellSupply,
    errorRates,
    request,
    limits: (mapping) => limitsOf(stored, { ...settings, mapping }),
    place: (place) => placeWeights(place.mapping, request(place)),
    hold(place) {
      requirePlacing(settings, place.mapping);
      if (policyOf(place.mapping).needsErrorRates)
        return holdForm(form, device, place.chip(), holding(place));
      return holdPlaced(form, device, place.chip(), placedOnAny(place), holding(place));
    },
    holdAt: (place, placement) => holdPlaced(form, device, place.chip(), placement, holding(place)),
    bitLayout,
    cells(place, placement) {
      const bits = bitLayout(place, placement);
      const written = bits.write(stored.image);
      const cells = listFlippingCells(written, placement, place.chip(), cellSupply(place.supply));
      return cellsOfImage(cells, bits);
    },
    reads(cells, varies, draw) {
      // Where all reads are alike, the weights that `hold` repaired are used, and no row is decoded again.
      const row = varies ? requireRowRepair(repair) : 'none';
      return createRowReads(stored, cells, { repair: row, ...(draw ? { draw } : {}) });
    },
    loads(cells, berPlaced, draw = (_cell, n) => n) {
      const load = form.loader(repair, berPlaced);
      return (n) => {
        const image = stored.image.slice();
        for (let cell = 0; cell < cells.size; cell++) {
          if (!cells.flips(cell, cells.probability[cell]! < 1 ? draw(cell, n) : 0)) continue;
          const bit = cells.imageBit[cell]!;
          image[Math.floor(bit / 8)]! ^= 1 << (bit % 8);
        }
        return load(image);
      };
    },
    under: (conditions) => memoryOf(parts, form, { ...settings, ...conditions }, recode),
    recoded: (coding) =>
      recode({ ...settings, parityBits: undefined, tensorFormats: undefined, ...coding, repair: 'none' }),
  };
}

/** The coding against which savings are counted: all weights as they were trained, without check bits. */
export const PLAIN_CODING: WeightCoding & { readonly format: WeightFormat } = { format: 'fp32', ecc: 'none' };

import type { AddressMapping } from '../dram/address.ts';
import { type Kilohertz, kilohertzOf } from '../engine/clock-crossing.ts';
import { InputError } from '../errors/input-error.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import { placeIn } from '../hardware/model-places.ts';
import { sliceEachRow, type WeightRowRuns } from '../mapping/weight-rows.ts';
import type { Bits, Bytes } from '../units/flavours.ts';
import { neuronsOfCores, rowBytesOf } from './buffer-rows.ts';
import { interconnectOf, mostImages, requireCommonTick, type SystemPlan } from './build-system.ts';
import type { LayerOrder } from './layer-order.ts';
import { type PipelineStage, pipelineStages, type TensorRows } from './layer-schedule.ts';
import { cutIntoPieces } from './row-pieces.ts';
import type { SystemCore } from './system.ts';

/** How layers share the cores: one after the other on all of them, or each on its own. */
export const LAYER_SCHEDULES = ['sequence', 'pipeline'] as const;
export type LayerScheduleKind = (typeof LAYER_SCHEDULES)[number];

/** A tensor of a system of layers. */
export interface SystemTensor extends TensorRows {
  readonly name: string;
  /** Weights of a row. */
  readonly columns: number;
  readonly bitsPerWeight: Bits;
  /** Whether a row is what one neuron gives to each of the next layer; a convolution's is kernels. */
  readonly dense: boolean;
}

/** The weights of layers that a system works on. */
export interface LayeredSystemWeights {
  readonly order: LayerOrder;
  readonly tensors: readonly SystemTensor[];
  /** Where each row of all lies, whole bursts. */
  readonly runs: WeightRowRuns;
  /** Whether the bits of a weight lie together, without check bits between: only then can a row be cut. */
  readonly inOrder: boolean;
}

/** What the cores of a system of layers are made of. */
export interface LayerPlan extends Pick<SystemPlan, 'shape' | 'mostImages'> {
  /** Of a pipeline: what each core does. */
  readonly stages: readonly PipelineStage[] | undefined;
  /** By core and tensor: weights of a row that it adds, none where the tensor is another core's. */
  readonly columns: readonly (readonly number[])[];
  /** By core and population: the neurons that it updates. */
  readonly neurons: readonly (readonly number[])[];
}

/**
 * The system that an accelerator makes for a network of layers. In sequence, the neurons of every layer are cut over `cores` (by default
 * those of its file), as `planSystem` cuts one. As a pipeline, each population has a core of its own with the tensors that feed it. Throws
 * InputError as `planSystem`, and for what cannot be cut or laid out so.
 */
export function planLayers(
  accelerator: Accelerator,
  { order, tensors, runs, inOrder }: LayeredSystemWeights,
  kind: LayerScheduleKind,
  dramClock: Kilohertz,
  organisation: Organisation,
  mapping: AddressMapping,
  givenCores: number | undefined,
): LayerPlan {
  const { name, system, timing, weightBuffer } = accelerator;
  const places = system?.places;
  const stages = kind === 'pipeline' ? stagesOf(order, givenCores) : undefined;
  const cores = stages?.length ?? givenCores ?? system?.cores ?? 1;
  const shared = system?.sharedBuffer ?? false;
  if (cores > 1 && !system)
    throw new InputError(`accelerator ${name} does not say how ${cores} cores are joined to the memory`, {
      remedy: 'choose quad-edge or quad-edge-shared, or give its file a section "system"',
    });
  if (!stages && cores > 1) requireCut(order, tensors, cores, shared || inOrder);
  if (system)
    requireCommonTick([timing.clock, system.interconnect.clock].map(kilohertzOf), dramClock, system);

  const columns = coreNumbers(cores).map((core) =>
    tensors.map(({ columns: all }, tensor) =>
      stages ? (has(stages[core]!, 'add', tensor) ? all : 0) : neuronsOfCores(all, cores)[core]!,
    ),
  );
  const neurons = coreNumbers(cores).map((core) =>
    order.populations.map(({ neurons: all }, population) =>
      stages ? (has(stages[core]!, 'update', population) ? all : 0) : neuronsOfCores(all, cores)[core]!,
    ),
  );
  const capacity = Math.floor(weightBuffer / 8);
  const { processingElements, lanes, cyclesPerAddition, cyclesPerUpdate } = timing;
  const rounds = (count: number): number => Math.ceil(count / (processingElements * lanes));
  const rows = runs.start.length - 1;
  const burstBytes = bytesPerBurst(organisation);
  const byRow = (of: (tensor: number) => number): Float64Array => {
    const all = new Float64Array(rows);
    for (const [tensor, { firstRow, rows: own }] of tensors.entries())
      all.fill(of(tensor), firstRow, firstRow + own);
    return all;
  };
  /** Bytes of a row of each tensor in a buffer: of whole rows, or of the largest part. */
  const stored = (core: number, tensor: number): Bytes => {
    const { columns: all, bitsPerWeight } = tensors[tensor]!;
    const held = stages || shared ? all : Math.max(...neuronsOfCores(all, cores));
    return columns[core]![tensor] === 0 && !shared ? 0 : rowBytesOf(held, bitsPerWeight);
  };
  const shapes = coreNumbers(cores).map((core): SystemCore => {
    const own = columns[core]!;
    const bursts = tensors.map(({ bitsPerWeight, columns: all }, tensor): readonly [number, number] => {
      if (own[tensor] === 0) return [0, 0];
      if (stages || shared || cores === 1) return [0, Number.POSITIVE_INFINITY];
      const before = neuronsOfCores(all, cores)
        .slice(0, core)
        .reduce((a, b) => a + b, 0);
      return [
        Math.floor((before * bitsPerWeight) / 8 / burstBytes),
        Math.ceil(((before + own[tensor]!) * bitsPerWeight) / 8 / burstBytes),
      ];
    });
    const tensorOfRow = byRow((tensor) => tensor);
    const slice = sliceEachRow(runs, (row) => bursts[tensorOfRow[row]!]!);
    const largest = Math.max(...tensors.map((_, tensor) => stored(core, tensor)));
    return {
      passCycles: byRow((tensor) => rounds(own[tensor]!) * cyclesPerAddition),
      updateCycles: stages
        ? rounds(neurons[core]!.reduce((a, b) => a + b, 0)) * cyclesPerUpdate
        : neurons[core]!.map((count) => rounds(count) * cyclesPerUpdate),
      pieces: cutIntoPieces(slice, organisation, mapping),
      rowBytes: Float64Array.from({ length: rows }, (_, row) => burstsOf(slice, row) * burstBytes),
      neurons: stages ? neurons[core]!.reduce((a, b) => a + b, 0) : neurons[core]!,
      stored: {
        sizes: byRow((tensor) => stored(core, tensor)),
        fit: largest === 0 ? capacity : Math.floor(capacity / largest),
      },
      ...(stages ? { hears: stages[core]!.hears } : {}),
    };
  });
  const fit = Math.min(...shapes.map((shape) => shape.stored!.fit));
  const least = shared ? cores : 1;
  if (system && fit < least)
    throw new InputError(
      `the weight buffer of ${capacity} bytes holds ${fit} of the largest rows${shared ? `, fewer than the ${cores} cores need` : ''}`,
      {
        ...placeIn(places, 'weight_buffer', 'size'),
        remedy: 'give it more bytes, or choose a format with fewer bits',
      },
    );
  return {
    shape: {
      clock: kilohertzOf(timing.clock),
      cores: shapes,
      rows,
      store: { capacity, outstanding: timing.outstanding, shared },
      prefetch: timing.prefetch,
      ...interconnectOf(system),
    },
    mostImages: mostImages(
      system,
      order.populations.reduce((sum, { neurons: own }) => sum + own, 0),
    ),
    stages,
    columns,
    neurons,
  };
}

const coreNumbers = (cores: number): number[] => Array.from({ length: cores }, (_, core) => core);

const has = ({ work }: PipelineStage, kind: 'add' | 'update', number: number): boolean =>
  work.some((one) => one.kind === kind && (one.kind === 'add' ? one.tensor : one.population) === number);

function burstsOf({ start, count }: WeightRowRuns, row: number): number {
  let bursts = 0;
  for (let run = start[row]!; run < start[row + 1]!; run++) bursts += count[run]!;
  return bursts;
}

/** The stages of a pipeline. Throws InputError for another number of cores, and for sums that two stages would need. */
function stagesOf(order: LayerOrder, cores: number | undefined): PipelineStage[] {
  const twice = order.tensors.findIndex(({ feeds }) => feeds.length > 1);
  if (twice >= 0)
    throw new InputError(
      'a pipeline has each layer of weights on the core of the neurons that it feeds, but one of them feeds several layers of neurons',
      { remedy: 'choose --layer-schedule sequence' },
    );
  const stages = pipelineStages(order);
  if (cores !== undefined && cores !== stages.length)
    throw new InputError(
      `a pipeline has a core for each layer of neurons: ${stages.length} of this network, not ${cores}`,
      { remedy: 'leave out --cores, or choose --layer-schedule sequence' },
    );
  return stages;
}

/** Throws InputError for layers that cannot be cut over so many cores. */
function requireCut(
  { populations }: LayerOrder,
  tensors: readonly SystemTensor[],
  cores: number,
  inOrder: boolean,
): void {
  const remedy = { remedy: 'choose --cores 1, or --layer-schedule pipeline' };
  const kernels = tensors.find(({ dense }) => !dense);
  if (kernels)
    throw new InputError(
      `the rows of ${kernels.name} are kernels of a convolution, which are not cut over ${cores} cores`,
      remedy,
    );
  const fewest = Math.min(
    ...tensors.map(({ columns }) => columns),
    ...populations.map(({ neurons }) => neurons),
  );
  if (cores > fewest)
    throw new InputError(
      `${cores} cores are more than the ${fewest} neurons of the smallest layer: some would have none`,
      remedy,
    );
  if (!inOrder)
    throw new InputError(
      'cores with buffers of their own fetch parts of rows, but check bits or the mapping spread the weights of a neuron over the row',
      { remedy: 'choose --ecc none and the mapping sparkxd, --layer-schedule pipeline, or a shared buffer' },
    );
}

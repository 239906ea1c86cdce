import type { AddressMapping } from '../dram/address.ts';
import { type Kilohertz, kilohertzOf } from '../engine/clock-crossing.ts';
import { ticksPerCycle } from '../engine/common-tick.ts';
import { InputError } from '../errors/input-error.ts';
import type { Accelerator, CoreSystem, MemoryWeights } from '../hardware/accelerator.ts';
import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import { placeIn } from '../hardware/model-places.ts';
import { sliceOfRows, type UniformRowRuns } from '../mapping/weight-rows.ts';
import type { Bits, Bytes } from '../units/flavours.ts';
import { bufferRows, neuronsOfCores, rowBytesOf } from './buffer-rows.ts';
import { cutIntoPieces } from './row-pieces.ts';
import type { SystemCore, SystemShape } from './system.ts';

/** The weights that a system works on. */
export interface SystemWeights {
  readonly neurons: number;
  readonly bitsPerWeight: Bits;
  /** Where each row lies. */
  readonly runs: UniformRowRuns;
  /** Whether the bits of a weight lie together, in the order of neurons, without check bits between: only then can a row be cut. */
  readonly inOrder: boolean;
}

/** What the cores of a system are made of. */
export interface SystemPlan {
  readonly shape: Omit<SystemShape, 'traffic' | 'loader' | 'weights'>;
  /** By core: its neurons, and the bytes of their weights in one row. */
  readonly neurons: readonly number[];
  readonly sliceBytes: readonly Bytes[];
  /** Bytes of what a buffer holds of one row. */
  readonly storedBytes: Bytes;
  /** Inferences whose neuron state fits on chip; Infinity where nothing bounds it. */
  readonly mostImages: number;
}

/** Bits of a potential, a threshold. */
const STATE_BITS = 32;

/**
 * The system that an accelerator makes for one layer of neurons, cut over `cores` (by default those of its file). Core k of n has the
 * neurons from floor(k N / n) on; it fetches the whole bursts in which the weights of its neurons lie, so that a burst on a border is
 * fetched by both. Throws InputError for clocks without a common tick, cores without neurons, buffers that hold no row for each of several cores, and rows that cannot be cut.
 */
export function planSystem(
  accelerator: Accelerator,
  { neurons, bitsPerWeight, runs, inOrder }: SystemWeights,
  dramClock: Kilohertz,
  organisation: Organisation,
  mapping: AddressMapping,
  cores = accelerator.system?.cores ?? 1,
): SystemPlan {
  const { name, system, timing, weightBuffer } = accelerator;
  const places = system?.places;
  if (cores > 1 && !system)
    throw new InputError(`accelerator ${name} does not say how ${cores} cores are joined to the memory`, {
      remedy: 'choose quad-edge or quad-edge-shared, or give its file a section "system"',
    });
  if (cores > neurons)
    throw new InputError(`${cores} cores are more than the ${neurons} neurons: some would have none`, {
      ...placeIn(places, 'system', 'cores'),
      remedy: `at most ${neurons} cores`,
    });
  const shared = system?.sharedBuffer ?? false;
  if (cores > 1 && !shared && !inOrder)
    throw new InputError(
      'cores with buffers of their own fetch parts of rows, but check bits or the mapping spread the weights of a neuron over the row',
      {
        ...placeIn(places, 'system', 'buffer'),
        remedy: 'choose --ecc none and the mapping sparkxd, or an accelerator with a shared buffer',
      },
    );

  if (system)
    requireCommonTick([timing.clock, system.interconnect.clock].map(kilohertzOf), dramClock, system);
  const own = neuronsOfCores(neurons, cores);
  const sliceBytes = own.map((count) => rowBytesOf(count, bitsPerWeight));
  const storedBytes = shared ? rowBytesOf(neurons, bitsPerWeight) : Math.max(...sliceBytes);
  const capacity = bufferRows(accelerator, neurons, bitsPerWeight, cores);
  const least = shared ? cores : 1;
  if (system && capacity < least)
    throw new InputError(
      `the weight buffer of ${weightBuffer / 8} bytes holds ${capacity} rows of ${storedBytes} bytes${shared ? `, fewer than the ${cores} cores need` : ''}`,
      {
        ...placeIn(places, 'weight_buffer', 'size'),
        remedy: `at least ${least * storedBytes} bytes, or a format with fewer bits`,
      },
    );

  const burstBytes = bytesPerBurst(organisation);
  const { processingElements, lanes, cyclesPerAddition, cyclesPerUpdate } = timing;
  const whole = shared || cores === 1;
  let first = 0;
  const shapes = own.map((count): SystemCore => {
    const from = Math.floor((first * bitsPerWeight) / 8 / burstBytes);
    first += count;
    const to = Math.ceil((first * bitsPerWeight) / 8 / burstBytes);
    const slice = whole ? runs : sliceOfRows(runs, from, to);
    const rounds = Math.ceil(count / (processingElements * lanes));
    return {
      passCycles: rounds * cyclesPerAddition,
      updateCycles: rounds * cyclesPerUpdate,
      pieces: cutIntoPieces(slice, organisation, mapping),
      rowBytes: slice.burstsPerRow * burstBytes,
      neurons: count,
    };
  });
  return {
    shape: {
      clock: kilohertzOf(timing.clock),
      cores: shapes,
      rows: runs.start.length - 1,
      store: { capacity, outstanding: timing.outstanding, shared },
      prefetch: timing.prefetch,
      ...interconnectOf(system),
    },
    neurons: own,
    sliceBytes,
    storedBytes,
    mostImages: mostImages(system, neurons),
  };
}

/** Inferences whose neuron state fits on chip; thresholds are the same in all of them. */
export const mostImages = (system: CoreSystem | undefined, neurons: number): number =>
  system?.neuronState === undefined
    ? Number.POSITIVE_INFINITY
    : Math.max(0, Math.floor(system.neuronState / STATE_BITS / neurons) - 1);

/** What joins the cores of a system to the memory. */
export const interconnectOf = (system: CoreSystem | undefined): Pick<SystemShape, 'interconnect'> =>
  system === undefined
    ? {}
    : {
        interconnect: {
          kind: system.interconnect.kind,
          clock: kilohertzOf(system.interconnect.clock),
          width: system.interconnect.width / 8,
          latency: system.interconnect.latency,
          arbiter: system.interconnect.arbiter,
        },
      };

/** Weights of the sources of a system in their order, at the arbiter of the memory: cores, so many flows of traffic, what writes the weights. */
export function weightsOfSources(
  { cores, traffic, loading }: MemoryWeights,
  coreCount: number,
  flows: number,
): number[] {
  return [...Array<number>(coreCount).fill(cores), ...Array<number>(flows).fill(traffic), loading];
}

/** Throws InputError, at the clock of the interconnect, for clocks whose common tick is too fine to count a run in. */
export function requireCommonTick(
  own: readonly Kilohertz[],
  dramClock: Kilohertz,
  { places }: CoreSystem,
): void {
  try {
    ticksPerCycle([...own, dramClock]);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.what, {
      ...placeIn(places, 'system', 'interconnect', 'clock'),
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    });
  }
}

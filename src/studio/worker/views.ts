import type { RunInputs } from '../../experiments/run-inputs.ts';
import type { RunPoint } from '../../experiments/run-points.ts';
import { bankAt, bankCount, bankLevels, rowIndex, subarrayCount } from '../../hardware/bank-index.ts';
import { bytesPerRow } from '../../hardware/device.ts';
import type { ResolvedTiming } from '../../hardware/resolved-timing.ts';
import { placedBytes } from '../../mapping/placed-bytes.ts';
import type { Picture } from '../../report/png.ts';
import { firstNeurons, receptiveFields } from '../../report/receptive-fields.ts';
import { nanosecondsOf } from '../../units/scale.ts';
import type { CellsView, FieldsView, Latency, Pixels, PlanView } from '../messages.ts';

/** Parameters in bursts or without a time: no latencies. */
const NO_LATENCY = ['BL'];

/** The timing parameters in cycles and ns at nominal supply and at a lower one; those that differ come first. */
export function latenciesOf(nominal: ResolvedTiming, now: ResolvedTiming): Latency[] {
  const all = Object.entries(now.parameters)
    .filter(([name]) => !NO_LATENCY.includes(name))
    .map(([name, cycles]): Latency => {
      const nominalCycles = nominal.parameters[name]!;
      return {
        name,
        nominalCycles,
        cycles,
        nominalNs: nanosecondsOf(nominalCycles, nominal.clock),
        ns: nanosecondsOf(cycles, now.clock),
      };
    });
  const differs = (latency: Latency): boolean => latency.cycles !== latency.nominalCycles;
  return [...all.filter(differs), ...all.filter((latency) => !differs(latency))];
}

/** The floor plan of a chip with the weights on it. */
export function planOf({ memory }: RunInputs, { held, chip, supply }: RunPoint): PlanView {
  const { organisation } = memory.device;
  const levels = bankLevels(organisation);
  const several = levels.channels > 1 || levels.ranks > 1;
  const bytes = new Float64Array(subarrayCount(levels));
  for (const [subarray, count] of placedBytes(held.placement, organisation)) bytes[subarray] = count;
  return {
    banks: Array.from({ length: bankCount(levels) }, (_, index) => {
      const { channel, rank, bank } = bankAt(levels, index);
      return several ? `${channel}.${rank}.${bank}` : String(bank);
    }),
    subarraysPerBank: levels.subarrays,
    ber: memory.errorRates(memory.chip(chip === 'measured' ? 1 : chip), supply),
    placedBytes: bytes,
  };
}

/** The weak cells under the weights of a point. */
export function cellsOf({ memory }: RunInputs, { held, chip, supply, mapping }: RunPoint): CellsView {
  const { placement } = held;
  const { organisation } = memory.device;
  const levels = bankLevels(organisation);
  const { stretch, rowBit, size } = memory.cells(
    memory.at(chip === 'measured' ? 1 : chip, supply, mapping),
    placement,
  );
  const places = new Map<number, number>();
  const rows: number[] = [];
  const placeOf = Uint32Array.from({ length: placement.stretches }, (_, s) => {
    const where = [placement.channel, placement.rank, placement.bank, placement.row].map(
      (column) => column[s]!,
    ) as [number, number, number, number];
    const index = rowIndex(levels, ...where);
    const known = places.get(index);
    if (known !== undefined) return known;
    places.set(index, places.size);
    rows.push(...where);
    return places.size - 1;
  });
  return {
    rows: Uint32Array.from(rows),
    rowBits: 8 * bytesPerRow(organisation),
    row: Uint32Array.from({ length: size }, (_, i) => placeOf[stretch[i]!]!),
    bit: rowBit.slice(0, size),
  };
}

/** Most neurons whose receptive fields are drawn. */
const MOST_FIELDS = 400;

/** The receptive fields as trained and as read. */
export function fieldsOf({ stored: { network } }: RunInputs, weights: Float32Array): FieldsView {
  const shown = Math.min(MOST_FIELDS, network.neurons);
  const draw = (all: Float32Array): Pixels =>
    withOpacity(
      receptiveFields(
        { ...network, neurons: shown },
        shown === network.neurons ? all : firstNeurons(network, all, shown),
        Math.ceil(Math.sqrt(shown)),
      ),
    );
  let changed = 0;
  for (let i = 0; i < weights.length; i++) if (!Object.is(weights[i], network.weights[i])) changed++;
  return {
    clean: draw(network.weights),
    read: draw(weights),
    shown,
    neurons: network.neurons,
    changed,
    weights: weights.length,
  };
}

function withOpacity({ width, height, pixels }: Picture): Pixels {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0, from = 0; i < data.length; i += 4, from += 3) {
    data[i] = pixels[from]!;
    data[i + 1] = pixels[from + 1]!;
    data[i + 2] = pixels[from + 2]!;
    data[i + 3] = 255;
  }
  return { width, height, data };
}

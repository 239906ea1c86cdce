import { DEFAULT_CONTROLLER } from '../dram/controller-options.ts';
import { hasCurrents } from '../energy/energy-of.ts';
import { requireNoObstacles } from '../errors/obstacles.ts';
import { writePieces, writeWhole } from '../files/write-file.ts';
import { bytesPerBurst } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import { locate, requireNotOver } from '../inputs/locate-network.ts';
import { openChips } from '../inputs/open-chips.ts';
import { readWeightBytes } from '../inputs/read-network.ts';
import { createInputRecorder, type Remark } from '../inputs/recorder.ts';
import { remarkDoubt } from '../inputs/remark-doubt.ts';
import { timingAt } from '../inputs/timing-at.ts';
import type { SubarrayUse } from '../mapping/subarray-use.ts';
import { csvPieces } from '../results/csv.ts';
import { energyCells } from '../results/dram-columns.ts';
import {
  WEIGHTS_DAMAGE,
  type WeightsDamageInput,
  type WeightsDamageJob,
} from '../settings/jobs/weights-damage.ts';
import { completeJob } from '../settings/parse-job.ts';
import { createDramWindows } from '../sparkxd/dram-windows.ts';
import { errorSupply } from '../sparkxd/error-supply.ts';
import { dramRows } from '../sparkxd/placed-tensors.ts';
import { type DamagedTensor, maskTensor } from '../sparkxd/tensor-damage.ts';
import { imageOfTensors } from '../sparkxd/tensor-image.ts';
import { holdTensors } from '../sparkxd/tensor-memory.ts';
import { formatNpz } from '../weights/npz.ts';
import { damagedFile, openTensors, requireOutput } from '../weights/tensor-output.ts';
import { codedTensors } from './weights-damage/chosen-tensors.ts';
import { FLIP_COLUMNS, flipRows } from './weights-damage/flip-rows.ts';

/** What became of one tensor. */
export interface DamagedRow {
  readonly tensor: string;
  readonly shape: readonly number[];
  /** Element type in the file, and how it lay in memory. */
  readonly type: string;
  readonly format: string;
  /** The greatest magnitude: the bound of repairs, which integer formats are scaled by. */
  readonly greatest_magnitude: number;
  /** Bytes in memory, check bits included, padding not. */
  readonly stored_bytes: number;
  /** Cells that a read may flip, and those that this one flipped, before any correction. */
  readonly weak_cells: number;
  readonly flipped_bits: number;
  readonly ber_observed: number;
  readonly weights_changed: number;
  readonly corrected_words: number;
  readonly uncorrectable_words: number;
  readonly zeroed_weights: number;
  readonly repaired_weights: number;
  /** Of fetching the tensor once; absent for a device whose currents are not known. */
  readonly dram_energy_per_load_nJ?: number;
}

export interface WeightsDamageOutcome {
  readonly out: string;
  readonly device: string;
  readonly supply_V: number;
  readonly chip: number;
  readonly module?: string | undefined;
  readonly mapping: string;
  readonly ecc: string;
  readonly repair: string;
  readonly dram_rows: number;
  readonly ber_chip: number;
  readonly ber_placed: number;
  readonly use: SubarrayUse;
  readonly tensors: readonly DamagedRow[];
  /** Tensors of the file that were not stored in the memory and are as they were. */
  readonly untouched: readonly string[];
  /** What of the file is not in the output. */
  readonly left_out: readonly string[];
}

/**
 * `sparkxd weights damage`: stores tensors in the modelled DRAM, reads them back once through the chip's weak cells, check bits
 * and repairs, and writes them; then the flips and masks that are asked for. Throws InputError, before anything is written, for
 * whatever is wrong with the file, the choice of tensors and formats (all of it at once), and the memory.
 */
export async function runWeightsDamage(
  input: WeightsDamageInput,
  remark?: Remark,
): Promise<WeightsDamageOutcome> {
  const job = completeJob(WEIGHTS_DAMAGE, input);
  const recorder = createInputRecorder(remark);
  const file = await locate(job.input);
  requireNotOver(file, [job.out, job.flips, job.masks]);
  const { content } = await readWeightBytes(file);
  const source = await openTensors(content, file);
  const { coded, obstacles } = codedTensors(source.tensors, job);
  requireNoObstacles([...obstacles, ...requireOutput(source, job.out)], { file });

  const chips = await openChips({ ...job, modelOptions: { flipCharged: job.flipProbability } }, recorder);
  const { device, profile } = chips;
  const image = imageOfTensors(coded, job.ecc, bytesPerBurst(device.organisation));
  const supply = errorSupply(device, profile, job.supply, job.timing);
  const held = holdTensors(image, device, chips.heldAt(job.chip, job.supply), { ...job, supply });
  remarkDataDependence(job, held.tensors, recorder.remark);

  const { bytes, leftOut } = await damagedFile(
    source,
    new Map(held.tensors.map(({ placed, tensor }) => [placed.coded.name, tensor])),
    job.out,
  );
  const energies = await loadEnergies(held.placement, held.tensors);
  await writeWhole(job.out, bytes);
  if (job.flips !== undefined)
    await writePieces(
      job.flips,
      csvPieces(FLIP_COLUMNS, flipRows(held.tensors, held.placement, device.organisation)),
      'the flips',
    );
  if (job.masks !== undefined) {
    const masks = new Map(held.tensors.map((each) => [each.placed.coded.name, maskTensor(each)]));
    await writeWhole(job.masks, formatNpz({ tensors: masks, metadata: new Map() }, job.masks));
  }
  const stored = new Set(coded.map(({ name }) => name));
  return {
    out: job.out,
    device: device.name,
    supply_V: job.supply,
    chip: job.chip,
    module: chips.module(job.chip),
    mapping: job.mapping,
    ecc: job.ecc,
    repair: job.repair,
    dram_rows: dramRows(held.placement, device.organisation),
    ber_chip: held.berChip,
    ber_placed: held.berPlaced,
    use: held.use,
    tensors: held.tensors.map((each, k) => rowOf(each, energies?.[k])),
    untouched: [...source.tensors.tensors.keys()].filter((name) => !stored.has(name)),
    left_out: leftOut,
  };

  /** Energy of fetching each tensor once, nJ; undefined for a device whose currents are not known. */
  async function loadEnergies(
    placement: Placement,
    tensors: readonly DamagedTensor[],
  ): Promise<number[] | undefined> {
    if (!hasCurrents(device)) {
      recorder.remark(`no energy: the currents of ${device.name} are not known`);
      return undefined;
    }
    remarkDoubt(device, recorder.remark);
    const timing = await timingAt(device, job.supply, job, recorder.models);
    return tensors.map((_, k) => {
      const windows = createDramWindows(device, image.layout, [Uint32Array.of(k)], DEFAULT_CONTROLLER);
      const window = windows.run(placement, timing);
      return energyCells(device, window, { supply: job.supply, law: 'quadratic' }).dram_energy_total_nJ;
    });
  }
}

function rowOf(
  {
    placed,
    flips,
    weakCells,
    storedBits,
    changed,
    corrected,
    uncorrectable,
    zeroed,
    repaired,
  }: DamagedTensor,
  energy: number | undefined,
): DamagedRow {
  const { name, tensor, format, ceiling } = placed.coded;
  return {
    tensor: name,
    shape: tensor.shape,
    type: tensor.type,
    format,
    greatest_magnitude: ceiling,
    stored_bytes: placed.part.rowBytes,
    weak_cells: weakCells,
    flipped_bits: flips.size,
    ber_observed: storedBits === 0 ? 0 : flips.size / storedBits,
    weights_changed: changed,
    corrected_words: corrected,
    uncorrectable_words: uncorrectable,
    zeroed_weights: zeroed,
    repaired_weights: repaired,
    ...(energy === undefined ? {} : { dram_energy_per_load_nJ: energy }),
  };
}

/** Says where masks would be other ones for other data. */
function remarkDataDependence(
  { masks, errorModel, ecc }: WeightsDamageJob,
  tensors: readonly DamagedTensor[],
  remark: Remark,
): void {
  if (masks === undefined) return;
  if (errorModel === 3)
    remark(
      'masks: with error model 3 which bits flip depends on what is stored, so they hold for these tensors',
    );
  if (ecc === 'parity' && tensors.some(({ zeroed }) => zeroed > 0))
    remark('masks: they are of the bits as read; which elements parity sets to zero is not in them');
}

import { streamFetches } from '../accelerator/workload.ts';
import { InputError } from '../errors/input-error.ts';
import { subarrayBer } from '../faults/subarray-ber.ts';
import { bankLevels, bankOfSubarray, subarrayOfRow } from '../hardware/bank-index.ts';
import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import { loadDevice } from '../hardware/load-device.ts';
import type { Placement } from '../hardware/placement.ts';
import { resolveTiming } from '../hardware/resolve-timing.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { openAddressMapping } from '../inputs/open-address-mapping.ts';
import { openChip } from '../inputs/open-chip.ts';
import { readNetwork } from '../inputs/read-network.ts';
import { placedBytes } from '../mapping/placed-bytes.ts';
import { type MappingPolicy, placeWeights, safeSubarrays } from '../mapping/policy.ts';
import { dramColumns, perInference } from '../results/dram-columns.ts';
import type { ResultRow } from '../results/result-columns.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import { ADDRESS_ORDER, createDramWindows } from '../sparkxd/dram-windows.ts';
import { errorSupply, placementRequest, storeWeights } from '../sparkxd/weights-in-dram.ts';
import type { Volts } from '../units/flavours.ts';

/** What `sparkxd map` is asked for. */
export interface MapJob {
  readonly weights: string;
  readonly policy: MappingPolicy;
  readonly device: string;
  readonly profile: string;
  readonly supply: Volts;
  readonly chip: number;
  readonly berLimit: number;
  readonly format: WeightFormat;
  readonly timing: TimingMode;
  /** Share of the subarrays that other data holds. */
  readonly occupied: number;
  readonly seed: number;
  /** A measured map of weak cells instead of a generated chip. */
  readonly map?: string;
}

/** Where the weights go and how good that place is. */
export interface MapOutcome {
  readonly weightBytes: number;
  readonly paddedBytes: number;
  readonly dramRows: number;
  readonly banks: number;
  readonly subarrays: number;
  readonly safeSubarrays: number;
  readonly allSubarrays: number;
  /** Expected bit error rates: of the whole chip, of the subarrays used (mean and worst). */
  readonly chipBer: number;
  readonly placedBer: number;
  readonly worstPlacedBer: number;
  /** What one inference costs that fetches every weight once, through the controller. */
  readonly traffic: MapTraffic;
  /** The same with the baseline mapping at the same supply. */
  readonly baselineTraffic: MapTraffic;
}

export interface MapTraffic {
  readonly hits: number;
  readonly misses: number;
  readonly conflicts: number;
  readonly cycles: number;
  readonly energy_nJ: number;
  readonly bandwidth_GBps: number;
}

/** Places a network's weights on one chip at one supply. Throws InputError when they do not fit. */
export async function runMap(job: MapJob): Promise<MapOutcome> {
  const [{ device, chip, profile }, { network }] = await Promise.all([
    openChip({ ...job, model: 0, modelOptions: {} }),
    readNetwork(job.weights),
  ]);
  const { organisation } = device;
  const ber = subarrayBer(chip, errorSupply(device, profile, job.supply, job.timing));
  const stored = storeWeights(network, { format: job.format, ecc: 'none' }, device);
  const { layout } = stored;
  const request = placementRequest(stored, organisation, ber, { ...job, mapping: job.policy });
  const placement = placeWeights(job.policy, request);
  const windows = createDramWindows(device, layout, [streamFetches(layout.rows)]);
  const timing = await resolveTiming(device, job.supply, job.timing);
  const trafficOf = (where: Placement): MapTraffic =>
    asTraffic(
      perInference(
        dramColumns(device, windows.run(where, timing), { supply: job.supply, law: 'quadratic' }),
        1,
      ),
    );

  const used = placedBytes(placement, organisation);
  const levels = bankLevels(organisation);
  const banks = new Set([...used.keys()].map((subarray) => bankOfSubarray(levels, subarray)));
  let placedBer = 0;
  for (const [subarray, bytes] of used) placedBer += (ber[subarray]! * bytes) / placement.imageBytes;
  return {
    weightBytes: layout.rows * layout.rowBytes,
    paddedBytes: layout.imageBytes,
    dramRows: placement.stretches,
    banks: banks.size,
    subarrays: used.size,
    safeSubarrays: safeSubarrays(request),
    allSubarrays: ber.length,
    chipBer: ber.reduce((sum, value) => sum + value, 0) / ber.length,
    placedBer,
    worstPlacedBer: Math.max(...[...used.keys()].map((subarray) => ber[subarray]!)),
    traffic: trafficOf(placement),
    baselineTraffic: trafficOf(placeWeights('baseline', request)),
  };
}

const asTraffic = (row: ResultRow): MapTraffic => ({
  hits: row.row_hits as number,
  misses: row.row_misses as number,
  conflicts: row.row_conflicts as number,
  cycles: row.cycles as number,
  energy_nJ: row.dram_energy_per_inference_nJ as number,
  bandwidth_GBps: row.bandwidth_GBps as number,
});

/** Coordinates of a byte address, and the address again: the two directions of the address mapping. */
export interface ExplainedAddress {
  readonly address: number;
  readonly channel: number;
  readonly rank: number;
  readonly bankGroup: number;
  readonly bank: number;
  readonly subarray: number;
  readonly row: number;
  /** Column address of the burst's first transfer. */
  readonly column: number;
  readonly byteInBurst: number;
}

/** Where a byte lies in a device. Throws InputError beyond its capacity. */
export async function explainAddress(
  deviceName: string,
  address: number,
  addressMapping: string = ADDRESS_ORDER,
): Promise<ExplainedAddress> {
  const { organisation, name } = await loadDevice(deviceName, modelFiles);
  const mapping = await openAddressMapping(addressMapping, organisation);
  const burstBytes = bytesPerBurst(organisation);
  const burst = Math.floor(address / burstBytes);
  if (burst >= mapping.bursts)
    throw new InputError(
      `address 0x${address.toString(16)} is beyond the ${mapping.bursts * burstBytes} bytes of ${name}`,
    );
  const at = new Int32Array(6);
  mapping.decode(burst, at);
  const [channel, rank, bankGroup, bank, row, columnBurst] = at as unknown as number[];
  return {
    address,
    channel: channel!,
    rank: rank!,
    bankGroup: bankGroup!,
    bank: bank!,
    subarray: subarrayOfRow(organisation, row!),
    row: row!,
    column: columnBurst! * organisation.burstLength,
    byteInBurst: address % burstBytes,
  };
}

/** The byte address of coordinates written as "row=5,bank=2,column=16"; what is left out is 0. */
export async function addressOf(
  deviceName: string,
  coordinates: Readonly<Record<string, number>>,
  addressMapping: string = ADDRESS_ORDER,
): Promise<number> {
  const { organisation, name } = await loadDevice(deviceName, modelFiles);
  const limits: Record<string, number> = coordinateLimits(organisation);
  for (const [coordinate, value] of Object.entries(coordinates)) {
    const limit = limits[coordinate];
    if (limit === undefined)
      throw new InputError(`unknown coordinate "${coordinate}"`, {
        remedy: `known: ${Object.keys(limits).join(', ')}`,
      });
    if (value >= limit)
      throw new InputError(`${coordinate} ${value} does not exist: ${name} has ${limit}, counted from 0`);
  }
  const { channel = 0, rank = 0, bankGroup = 0, bank = 0, row = 0, column = 0 } = coordinates;
  const mapping = await openAddressMapping(addressMapping, organisation);
  const columnBurst = Math.floor(column / organisation.burstLength);
  return mapping.encode(channel, rank, bankGroup, bank, row, columnBurst) * bytesPerBurst(organisation);
}

const coordinateLimits = ({ channels, ranks, bankGroups, banksPerGroup, rows, columns }: Organisation) => ({
  channel: channels,
  rank: ranks,
  bankGroup: bankGroups,
  bank: banksPerGroup,
  row: rows,
  column: columns,
});

import { commandEnergies } from '../energy/command-energies.ts';
import { type BusEncoding, lineBits } from '../energy/line-bits.ts';
import {
  dataFactor,
  type Interleaving,
  type LineBits,
  REFERENCE_BITS,
  VAMPIRE_VENDORS,
  type VampireVendor,
} from '../energy/vampire.ts';
import { bytesPerBurst } from '../hardware/device.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { readNetwork } from '../inputs/read-network.ts';
import { DATA_ENERGY, type DataEnergyInput } from '../settings/jobs/data-energy.ts';
import { completeJob } from '../settings/parse-job.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import { storeWeights } from '../sparkxd/stored-weights.ts';
import type { Picojoules, Volts } from '../units/flavours.ts';

/** Reading all weights once, in one format and bus encoding. */
export interface DataEnergyPoint extends LineBits {
  readonly format: WeightFormat;
  readonly encoding: BusEncoding;
  readonly bursts: number;
  /** RD term of all bursts with the device's current, whatever the data. */
  readonly read_energy_pJ: Picojoules;
  /** By vendor: energy over that of reference data, and the RD term times that. */
  readonly vendors: Readonly<
    Record<VampireVendor, { readonly factor: number; readonly read_energy_pJ: Picojoules }>
  >;
}

export interface DataEnergyOutcome {
  readonly network: string;
  readonly device: string;
  readonly supply_V: Volts;
  readonly interleaving: Interleaving;
  readonly reference: LineBits;
  readonly points: readonly DataEnergyPoint[];
}

/**
 * Read energy of a network's own bits: its weights in each format and bus encoding, read once from end to end as the
 * stream workload does, with the device's RD term weighed by VAMPIRE's measured currents. Throws InputError for weights
 * or a device that cannot be read, and for a supply out of range.
 */
export async function runDataEnergy(input: DataEnergyInput): Promise<DataEnergyOutcome> {
  const job = completeJob(DATA_ENERGY, input);
  const device = await loadDevice(job.device, modelFiles);
  const { network, file } = await readNetwork(job.weights);
  const supply = job.supply ?? device.supply.nominal;
  const { RD } = commandEnergies(device, { supply, law: job.law, model: job.energyModel });
  const burstBytes = bytesPerBurst(device.organisation);
  const points = job.formats.flatMap((format) => {
    const { image } = storeWeights(network, { format, ecc: job.ecc }, device);
    const bursts = image.length / burstBytes;
    return job.encodings.map((encoding): DataEnergyPoint => {
      const bits = lineBits(image, burstBytes, encoding);
      const energy = bursts * RD;
      const byVendor = VAMPIRE_VENDORS.map((vendor) => {
        const factor = dataFactor(vendor, 'RD', job.interleaving, bits);
        return [vendor, { factor, read_energy_pJ: energy * factor }] as const;
      });
      return {
        format,
        encoding,
        bursts,
        ...bits,
        read_energy_pJ: energy,
        vendors: Object.fromEntries(byVendor) as DataEnergyPoint['vendors'],
      };
    });
  });
  return {
    network: file,
    device: device.name,
    supply_V: supply,
    interleaving: job.interleaving,
    reference: REFERENCE_BITS,
    points,
  };
}

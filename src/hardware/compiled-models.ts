import type { Accelerator } from './accelerator.ts';
import type { CircuitCurve, Device, Supply } from './device.ts';
import type { Presets } from './import/presets.ts';
import type { Standard } from './standard.ts';
import type { SubarrayScheme } from './subarray-scheme.ts';
import type { VoltageProfile } from './voltage-profile.ts';

/** A device with the names of its standard and its circuit curve, which are compiled on their own. */
export interface CompiledDevice extends Omit<Device, 'standard' | 'supply'> {
  readonly standard: string;
  readonly supply: Omit<Supply, 'curve'> & { readonly curve?: string };
}

/** What is compiled of each kind of model: plain data. */
export interface CompiledModels {
  readonly dram: CompiledDevice;
  readonly standards: Standard;
  readonly subarrays: SubarrayScheme;
  readonly circuit: CircuitCurve;
  readonly voltage: VoltageProfile;
  readonly accelerators: Accelerator;
  readonly presets: Presets;
}

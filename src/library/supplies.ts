import { loadDevice } from '../hardware/load-device.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { device as deviceSetting } from '../settings/memory-settings.ts';
import { readPercent, shareOfNominal } from '../settings/supply-shares.ts';
import type { Volts } from '../units/flavours.ts';

/** A supply voltage: volts, or a share of the device's nominal supply such as `'90%'`. */
export type Supply = Volts | `${number}%`;

/** An input whose list of supplies is `supply`: one, or several. */
export type WithSupplies<Input> = Omit<Input, 'supplies'> & {
  /** Supply voltages, each in volts or as a share of the nominal one: `[1.2, '90%']`. */
  readonly supply?: Supply | readonly Supply[];
};

/** An input with at most one supply, which may be a share of the nominal one. */
export type WithSupply<Input> = Omit<Input, 'supply'> & {
  /** Supply voltage, in volts or as a share of the nominal one: `'90%'`. */
  readonly supply?: Supply;
};

/** The input with its supplies as a list of volts. Throws InputError for a share that is none, and for an unknown device. */
export async function withSupplies<Input>({ supply, ...input }: WithSupplies<Input>): Promise<Input> {
  if (supply === undefined) return input as Input;
  const all = typeof supply === 'object' ? supply : [supply];
  return { ...input, supplies: await Promise.all(all.map((one) => voltsOf(one, input))) } as Input;
}

/** The input with its supply in volts. Throws as `withSupplies`. */
export async function withSupply<Input>({ supply, ...input }: WithSupply<Input>): Promise<Input> {
  return (supply === undefined ? input : { ...input, supply: await voltsOf(supply, input) }) as Input;
}

async function voltsOf(supply: Supply, input: { readonly device?: unknown }): Promise<Volts> {
  if (typeof supply !== 'string') return supply;
  const percent = readPercent(supply);
  const device = await loadDevice(String(input.device ?? deviceSetting.default), modelFiles);
  return shareOfNominal(percent, device.supply.nominal);
}

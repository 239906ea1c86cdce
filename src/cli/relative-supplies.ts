import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import type { Setting, Settings } from '../settings/setting.ts';
import { inVolts, readSupplyShares, type SupplyShares } from '../settings/supply-shares.ts';

/** A flag's supplies that wait for the device's nominal supply. */
class Waiting {
  readonly shares: SupplyShares;

  constructor(shares: SupplyShares) {
    this.shares = shares;
  }
}

/**
 * The supplies of a flag that names shares of the nominal supply, to be resolved by `resolveSupplies`; undefined for any
 * other flag or text. Throws InputError for a list that is none.
 */
export function relativeSupplies(setting: Setting, text: string): unknown {
  const shares = setting.supplies === undefined ? undefined : readSupplyShares(text);
  if (!shares) return undefined;
  if (setting.supplies === 'one' && shares.supplies.length !== 1)
    throw new InputError(`one supply is expected, ${quoted(text)} has ${shares.supplies.length}`);
  return new Waiting(shares);
}

/**
 * The values of a job with shares of the nominal supply turned into volts of the job's device; `say` gets a line about
 * each. Throws InputError for a job without a device.
 */
export async function resolveSupplies(
  settings: Settings,
  values: Readonly<Record<string, unknown>>,
  say: (line: string) => void,
  outer: unknown = undefined,
): Promise<Record<string, unknown>> {
  const device = values['device'] ?? outer;
  const entries = Object.entries(values).map(async ([name, value]): Promise<[string, unknown]> => {
    const setting = settings[name];
    if (setting?.members)
      return [name, await resolveSupplies(setting.members, value as Record<string, unknown>, say, device)];
    return [name, value instanceof Waiting ? await resolve(setting!, value, device, say) : value];
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function resolve(
  setting: Setting,
  { shares }: Waiting,
  device: unknown,
  say: (line: string) => void,
): Promise<number | number[]> {
  if (typeof device !== 'string')
    throw new InputError(`${quoted(shares.text)} is a share of a device's supply, and no device is named`, {
      remedy: 'give the supply in volts',
    });
  const { loadDevice } = await import('../hardware/load-device.ts');
  const { modelFiles } = await import('../inputs/model-files.ts');
  const { supply, name } = await loadDevice(device, modelFiles);
  const volts = inVolts(shares, supply.nominal);
  const shown =
    volts.length > 10 ? `${volts.slice(0, 10).join(', ')} and ${volts.length - 10} more` : volts.join(', ');
  say(`supply ${quoted(shares.text)} of ${name} (nominal ${supply.nominal} V): ${shown} V`);
  return setting.supplies === 'list' ? volts : volts[0]!;
}

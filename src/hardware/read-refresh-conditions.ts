import { InputError } from '../errors/input-error.ts';
import { UnitError } from '../units/expression.ts';
import type { Dimension, Units } from '../units/quantity.ts';
import { BOUNDS } from './bounds.ts';
import type { Bounds } from './sourced-values.ts';
import type { Standard } from './standard.ts';
import type { YamlDocument } from './yaml-document.ts';

/** What a standard's file says of refresh against temperature. */
interface RefreshKeys {
  readonly refresh: {
    readonly window?: string | undefined;
    readonly temperature?: readonly { readonly up_to: string; readonly tREFI: number }[] | undefined;
  };
}

const NANOSECONDS_A_MILLISECOND = 1e6;

/**
 * Reads `refresh.window` and `refresh.temperature` of a standard. Throws InputError for what is no time or no temperature,
 * for a first step other than 1, and for steps that do not rise in temperature and fall in tREFI.
 */
export function readRefreshConditions(
  { data, place }: Pick<YamlDocument<RefreshKeys>, 'data' | 'place'>,
  units: Units,
): Pick<Standard['refresh'], 'window_ms' | 'temperatures'> {
  const { window, temperature } = data.refresh;
  const read = (text: string, dimension: Dimension, bounds: Bounds, path: readonly (string | number)[]) => {
    const at = { place: place(['refresh', ...path]) };
    try {
      const value = units.quantity(text, dimension);
      const { least, above = false, most } = bounds;
      if ((above ? value > least : value >= least) && value <= most) return value;
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      throw new InputError(`refresh.${path[0]}: ${error.message}`, at);
    }
    throw new InputError(`refresh.${path[0]} of ${text} is beyond any part that exists`, at);
  };
  const temperatures = temperature?.map(({ up_to, tREFI }, step) => ({
    upTo: read(up_to, 'temperature', BOUNDS.temperature, ['temperature', step, 'up_to']),
    tREFI,
  }));
  temperatures?.forEach(({ upTo, tREFI }, step) => {
    const before = temperatures[step - 1];
    const fits = before === undefined ? tREFI === 1 : upTo > before.upTo && tREFI < before.tREFI;
    if (!fits)
      throw new InputError(
        before === undefined
          ? `the first step of refresh.temperature has tREFI ${tREFI}`
          : `step ${step + 1} of refresh.temperature is not hotter, with a shorter tREFI, than the one before`,
        {
          place: place(['refresh', 'temperature', step]),
          remedy: 'begin with tREFI: 1; each further step has a higher up_to and a smaller tREFI',
        },
      );
  });
  return {
    window_ms:
      window === undefined
        ? undefined
        : read(window, 'time', BOUNDS.refreshWindow, ['window']) / NANOSECONDS_A_MILLISECOND,
    temperatures,
  };
}

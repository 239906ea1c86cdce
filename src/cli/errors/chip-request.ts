import { InputError } from '../../errors/input-error.ts';
import type { RetentionConditions } from '../../faults/retention.ts';
import type { ChipRequest } from '../../inputs/open-chip.ts';
import type { ChipOptions, ErrorsOptions } from './options.ts';

/** The chip that the options speak of. */
export function chipRequest(options: ChipOptions): ChipRequest {
  const { import: map, device, profile, seed, chip, model, member, subarraySpread, lowestSupply } = options;
  const { spread, flip, flipDischarged, antiRows } = options;
  return {
    device,
    profile,
    seed,
    chip,
    model,
    modelOptions: {
      ...(spread === undefined ? {} : { spread }),
      ...(flip === undefined ? {} : { flipCharged: flip }),
      ...(flipDischarged === undefined ? {} : { flipDischarged }),
      ...(antiRows === undefined ? {} : { antiRows }),
    },
    ...(member === undefined ? {} : { member }),
    ...(subarraySpread === undefined ? {} : { subarraySpread }),
    ...(map === undefined ? {} : { map }),
    ...(lowestSupply === undefined ? {} : { lowestSupply }),
  };
}

/** Temperature at which Voltron tested voltages, and at which retention is taken unless told otherwise. */
const ROOM_TEMPERATURE = 20;

/** Refresh conditions, when the options name any. */
export function retentionConditions(options: ErrorsOptions): RetentionConditions | undefined {
  const { refreshInterval, temperature } = options;
  if (refreshInterval !== undefined)
    return { refreshInterval_ms: refreshInterval, temperature_C: temperature ?? ROOM_TEMPERATURE };
  if (temperature === undefined) return undefined;
  throw new InputError('a temperature without a refresh interval changes nothing', {
    remedy: 'add --refresh-interval MS (64 is the standard one)',
  });
}

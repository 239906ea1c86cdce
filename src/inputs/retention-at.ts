import { InputError } from '../errors/input-error.ts';
import type { RetentionConditions } from '../faults/retention-conditions.ts';
import type { Device } from '../hardware/device.ts';
import { placeIn } from '../hardware/model-places.ts';
import { refreshWindowAt } from '../hardware/refresh-at.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import type { Remark } from './recorder.ts';

/** What a job says of the cells whose retention is asked for. */
interface RetentionChoice {
  /** degC; retention is left out where there is none. */
  readonly temperature?: number | undefined;
  /** A measured map of weak cells instead of generated chips. */
  readonly weakCells?: string | undefined;
}

/**
 * The conditions under which the cells of a device must keep their charge at a temperature: each row is refreshed once in
 * the standard's window. Undefined without a temperature, and, with a remark, where nothing is known of retention. A window
 * shorter than measured counts as the shortest one measured, provided that no error was seen in that. Throws InputError for
 * a temperature beyond the standard's steps, and for conditions outside what was measured; the supply is checked when
 * weak cells are looked up.
 */
export function retentionAt(
  { temperature, weakCells }: RetentionChoice,
  device: Device,
  profile: VoltageProfile,
  remark: Remark,
): RetentionConditions | undefined {
  if (temperature === undefined) return undefined;
  const window = refreshWindowAt(device, temperature);
  const unknown = (whose: string): undefined => {
    remark(`retention at ${temperature} C is not known for ${whose}: no retention error is counted`);
    return undefined;
  };
  if (weakCells !== undefined) return unknown(`the measured map ${weakCells}`);
  const { retention, name, places } = profile;
  if (retention === undefined) return unknown(`the voltage profile ${name}`);
  if (window === undefined)
    throw new InputError(
      `the standard ${device.standard.name} does not say in which time every row is refreshed`,
      {
        ...placeIn(device.standard.places, 'refresh'),
        remedy: 'give it refresh.window (docs/standards.md), or leave out --temperature',
      },
    );
  const { series } = retention;
  const intervals = series[0]?.intervals ?? [];
  const [shortest = window, longest = window] = [intervals[0], intervals.at(-1)];
  const temperatures = series.map((one) => one.temperature);
  const [coldest, hottest] = [Math.min(...temperatures), Math.max(...temperatures)];
  const refuse = (what: string): never => {
    throw new InputError(
      `${what}: retention of ${name} was measured at ${coldest} to ${hottest} C with refresh in ${shortest} to ${longest} ms`,
      {
        ...placeIn(places, 'retention'),
        remedy:
          'choose a --temperature within, or leave it out; sparkxd is a profile without retention errors',
      },
    );
  };
  if (temperature < coldest || temperature > hottest) refuse(`nothing is known at ${temperature} C`);
  if (window > longest) refuse(`nothing is known of rows refreshed in ${window} ms`);
  if (window < shortest) {
    if (series.some(({ ber }) => ber[0] !== 0)) refuse(`nothing is known of rows refreshed in ${window} ms`);
    remark(
      `rows are refreshed in ${window} ms at ${temperature} C; ${name} was measured from ${shortest} ms on, without an error there: no retention error is counted`,
    );
  }
  return { refreshInterval_ms: Math.max(window, shortest), temperature_C: temperature };
}

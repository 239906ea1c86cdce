import { InputError } from '../errors/input-error.ts';
import type { CircuitCurve } from '../hardware/device.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import type { Nanoseconds, Volts } from '../units/flavours.ts';

/** Latencies that the controller grants at the supply in question. */
export interface GrantedLatency {
  readonly tRCD: Nanoseconds;
  readonly tRP: Nanoseconds;
}

/**
 * The supply whose errors a chip shows when it runs at `supply` with other latencies than those of the profile's test
 * (iso-slack rule): running at (V, tRCD) fails like the test latency t at V' where T(V') / t = T(V) / tRCD, T being the
 * circuit delay. tRCD and tRP are looked at apart and the worse one counts. Volts are the device's, whose `nominal`
 * corresponds to the profile's and to the curve's reference.
 *
 * More slack than the test had at nominal supply, where no module showed an error, is error-free: the answer is then
 * nominal. A profile without a test latency does not depend on latency: the answer is the supply itself. Throws
 * InputError when the slack is less than the circuit curve covers.
 */
export function isoSlackSupply(
  profile: VoltageProfile,
  curve: CircuitCurve,
  nominal: Volts,
  supply: Volts,
  granted: GrantedLatency,
): Volts {
  const { testLatency } = profile;
  if (testLatency === undefined) return supply;
  const scale = curve.reference / nominal;
  const equivalents = (['tRCD', 'tRP'] as const).map((name) => {
    const wanted = delayAt(curve, curve[name], supply * scale) * (testLatency / granted[name]);
    return supplyAtDelay(curve, curve[name], wanted, name) / scale;
  });
  return Math.min(nominal, ...equivalents);
}

function delayAt({ name, voltages }: CircuitCurve, delays: readonly number[], voltage: Volts): number {
  const last = voltages.length - 1;
  if (voltage < voltages[0]! - 1e-9 || voltage > voltages[last]! + 1e-9)
    throw new InputError(
      `the circuit curve ${name} has no point for ${voltage.toFixed(3)} V (table: ${voltages[0]} to ${voltages[last]} V)`,
    );
  let right = 1;
  while (right < last && voltages[right]! < voltage) right++;
  const left = right - 1;
  const share = (voltage - voltages[left]!) / (voltages[right]! - voltages[left]!);
  return delays[left]! + Math.min(1, Math.max(0, share)) * (delays[right]! - delays[left]!);
}

/** The highest voltage of a falling curve at which the delay is at least `delay`; the top when it never is. */
function supplyAtDelay(
  { name, voltages }: CircuitCurve,
  delays: readonly number[],
  delay: number,
  parameter: string,
): Volts {
  if (delay > delays[0]! * (1 + 1e-12))
    throw new InputError(
      `the granted ${parameter} leaves less slack than the circuit curve ${name} covers (down to ${voltages[0]} V)`,
      { remedy: `raise the supply or ${parameter}` },
    );
  for (let right = voltages.length - 1; right > 0; right--) {
    const left = right - 1;
    if (delays[right]! >= delay) return voltages[right]!;
    if (delays[left]! >= delay) {
      const share = (delay - delays[left]!) / (delays[right]! - delays[left]!);
      return voltages[left]! + share * (voltages[right]! - voltages[left]!);
    }
  }
  return voltages[0]!;
}

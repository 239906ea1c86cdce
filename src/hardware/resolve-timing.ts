import { InputError } from '../errors/input-error.ts';
import type { Cycles, Megahertz, Nanoseconds, Volts } from '../units/flavours.ts';
import { loadUnits } from '../units/quantity.ts';
import type { CircuitCurve, Device } from './device.ts';
import type { ResolvedTiming, TimingMode } from './resolved-timing.ts';

/** Parameters that the standard bounds from above: rounding them up would break the promise they make. */
const MAXIMA = new Set(['tREFI', 'tREFIpb']);

/**
 * Whole clock cycles that cover a time, as JEDEC rounds: 13.75 ns at 800 MHz is 11, whatever the floating point
 * says. The tolerance of 1e-6 cycle is far below any datasheet's resolution.
 */
export const cyclesUp = (time: Nanoseconds, clock: Megahertz): Cycles =>
  Math.ceil((time * clock) / 1000 - 1e-6);
const cyclesDown = (time: Nanoseconds, clock: Megahertz): Cycles => Math.floor((time * clock) / 1000 + 1e-6);

/** How many times longer each circuit delay is at a supply voltage than at nominal. */
export interface Stretch {
  readonly tRCD: number;
  readonly tRAS: number;
  readonly tRP: number;
}

/**
 * The circuit curve at `supply`, by linear interpolation. A device whose nominal supply differs from the curve's
 * reference is read at the same ratio to nominal. Throws InputError outside the device's range or the curve's table.
 */
export function stretchAt(device: Device, supply: Volts): Stretch {
  const { nominal, curve } = device.supply;
  requireSupply(device, supply);
  const voltage = (supply / nominal) * curve.reference;
  return {
    tRCD: interpolate(curve, curve.tRCD, voltage),
    tRAS: interpolate(curve, curve.tRAS, voltage),
    tRP: interpolate(curve, curve.tRP, voltage),
  };
}

/** Throws InputError unless the device may run at this supply. */
export function requireSupply(device: Device, supply: Volts): void {
  const { min, max, nominal } = device.supply;
  if (!(supply >= min && supply <= max))
    throw new InputError(`supply ${supply} V is outside the range of ${device.name}, ${min} to ${max} V`, {
      remedy: `choose supplies between ${min} and ${max} V (nominal ${nominal} V)`,
    });
}

function interpolate({ name, voltages }: CircuitCurve, factors: readonly number[], voltage: Volts): number {
  // A ratio such as 1.2/1.2*1.35 may miss the table's end by one unit in the last place.
  const last = voltages.length - 1;
  const near = voltages.findIndex((v) => Math.abs(v - voltage) < 1e-9);
  if (near >= 0) return factors[near]!;
  if (voltage < voltages[0]! || voltage > voltages[last]!)
    throw new InputError(
      `the circuit curve ${name} has no point for ${voltage.toFixed(3)} V (table: ${voltages[0]} to ${voltages[last]} V)`,
    );
  const right = voltages.findIndex((v) => v > voltage);
  const left = right - 1;
  const share = (voltage - voltages[left]!) / (voltages[right]! - voltages[left]!);
  return factors[left]! + share * (factors[right]! - factors[left]!);
}

/**
 * A device's timing at one supply voltage in whole cycles. `nominal` keeps the datasheet's latencies; `stretched`
 * and `paper` lengthen tRCD, tRAS, tRP and what contains them (tRPab, tRC) by the circuit curve before rounding.
 */
export async function resolveTiming(
  device: Device,
  supply: Volts,
  mode: TimingMode,
): Promise<ResolvedTiming> {
  const units = await loadUnits();
  requireSupply(device, supply);
  const times = mode === 'nominal' ? device.timing : stretchTiming(device.timing, stretchAt(device, supply));
  const parameters: Record<string, Cycles> = { BL: device.organisation.burstLength };
  for (const [name, time] of Object.entries(times))
    parameters[name] = MAXIMA.has(name) ? cyclesDown(time, device.clock) : cyclesUp(time, device.clock);
  return {
    standard: device.standard.name,
    supply,
    mode,
    clock: device.clock,
    commands: device.standard.commands,
    parameters,
    constraints: device.standard.constraints.map(({ latency, ...rest }) => ({
      ...rest,
      name: latency,
      latency: Math.ceil(units.formula(latency, parameters)),
    })),
  };
}

/** tRC holds one tRAS and one tRP, so it grows by what they grow. */
function stretchTiming(
  timing: Readonly<Record<string, Nanoseconds>>,
  stretch: Stretch,
): Record<string, Nanoseconds> {
  const stretched: Record<string, Nanoseconds> = { ...timing };
  for (const [name, time] of Object.entries(timing)) {
    if (name.startsWith('tRCD')) stretched[name] = time * stretch.tRCD;
    else if (name === 'tRAS') stretched[name] = time * stretch.tRAS;
    else if (name.startsWith('tRP')) stretched[name] = time * stretch.tRP;
  }
  const { tRC, tRAS, tRP } = timing;
  if (tRC !== undefined && tRAS !== undefined && tRP !== undefined)
    stretched['tRC'] = tRC + (stretched['tRAS']! - tRAS) + (stretched['tRP']! - tRP);
  return stretched;
}

import { InputError } from '../errors/input-error.ts';
import { UnitError } from '../units/expression.ts';
import type { Cycles, Megahertz, Nanoseconds, Volts } from '../units/flavours.ts';
import { type Units, withUnits } from '../units/quantity.ts';
import { banksPerRank, type CircuitCurve, type Device } from './device.ts';
import { type AtPlace, placeIn } from './model-places.ts';
import { refreshIntervalFactor } from './refresh-at.ts';
import type { ResolvedRules, ResolvedTiming, TimingMode } from './resolved-timing.ts';
import type { Standard } from './standard.ts';

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
 * reference is read at the same ratio to nominal. Throws InputError outside the device's range or the
 * curve's table, and away from nominal supply for a device without a curve.
 */
export function stretchAt(device: Device, supply: Volts): Stretch {
  const { nominal, curve } = device.supply;
  requireSupply(device, supply);
  if (curve === undefined && supply === nominal) return { tRCD: 1, tRAS: 1, tRP: 1 };
  const known = requireCurve(device);
  const voltage = curveVoltage(device, known, supply);
  return {
    tRCD: interpolate(known, known.tRCD, voltage),
    tRAS: interpolate(known, known.tRAS, voltage),
    tRP: interpolate(known, known.tRP, voltage),
  };
}

/** The circuit curve of a device. Throws InputError, with what else can be done, for a device without one. */
export function requireCurve(
  { name, supply: { nominal, curve }, places }: Pick<Device, 'name' | 'supply' | 'places'>,
  otherwise = 'choose --timing nominal',
): CircuitCurve {
  if (curve !== undefined) return curve;
  throw new InputError(`${name} names no circuit curve, so its delays away from ${nominal} V are not known`, {
    ...placeIn(places, 'supply'),
    remedy: `${otherwise}, or give the device a supply.curve such as voltron-spice`,
  });
}

/**
 * A device's supply on the curve's own scale: the same ratio to the curve's reference. Throws InputError outside the
 * curve's table.
 */
function curveVoltage(
  { supply: { nominal, min, max } }: Device,
  { name, reference, voltages }: CircuitCurve,
  supply: Volts,
): Volts {
  const [lowest, highest] = [voltages[0]!, voltages[voltages.length - 1]!];
  const voltage = (supply / nominal) * reference;
  // A ratio such as 1.2/1.2*1.35 may miss the table's end by one unit in the last place.
  if (voltage > lowest - SAME && voltage < highest + SAME)
    return Math.min(highest, Math.max(lowest, voltage));
  const ratio = (value: number): string => String(Number(value.toFixed(4)));
  const [from, to] = [lowest, highest].map((end) => (end / reference) * nominal) as [number, number];
  throw new InputError(
    `supply ${supply} V is ${ratio(supply / nominal)} of nominal ${nominal} V; the circuit curve ${name} knows ` +
      `${ratio(lowest / reference)} to ${ratio(highest / reference)}`,
    {
      remedy: `choose a supply from ${ratio(Math.max(from, min))} to ${ratio(Math.min(to, max))} V, or --timing nominal`,
    },
  );
}

/** Volts: two supplies this close are one. */
const SAME = 1e-9;

/** Throws InputError unless the device may run at this supply. */
export function requireSupply(device: Device, supply: Volts): void {
  const { min, max, nominal } = device.supply;
  if (!(supply >= min && supply <= max))
    throw new InputError(`supply ${supply} V is outside the range of ${device.name}, ${min} to ${max} V`, {
      remedy: `choose supplies between ${min} and ${max} V (nominal ${nominal} V)`,
    });
}

function interpolate({ voltages }: CircuitCurve, factors: readonly number[], voltage: Volts): number {
  const near = voltages.findIndex((v) => Math.abs(v - voltage) < SAME);
  if (near >= 0) return factors[near]!;
  const right = voltages.findIndex((v) => v > voltage);
  const left = right - 1;
  const share = (voltage - voltages[left]!) / (voltages[right]! - voltages[left]!);
  return factors[left]! + share * (factors[right]! - factors[left]!);
}

/**
 * A device's timing at one supply voltage in whole cycles. `nominal` keeps the datasheet's latencies; `stretched`
 * and `paper` lengthen tRCD, tRAS, tRP and what contains them (tRPab, tRC; the standard's `circuitDelays`) by the circuit
 * curve before rounding. At a `temperature` (degC) tREFI is that which the standard asks for there, otherwise the data
 * sheet's. Throws InputError for a supply outside the device's range, a temperature beyond the standard's, and where a
 * formula of the standard gives no number, or none that can be, with this device's timing.
 */
export async function resolveTiming(
  device: Device,
  supply: Volts,
  mode: TimingMode,
  temperature?: number,
): Promise<ResolvedTiming> {
  return withUnits((units) => timingAt(units, device, supply, mode, temperature));
}

function timingAt(
  units: Units,
  device: Device,
  supply: Volts,
  mode: TimingMode,
  temperature: number | undefined,
): ResolvedTiming {
  requireSupply(device, supply);
  const { standard } = device;
  const times = timesAt(device, supply, mode, temperature);
  const parameters: Record<string, Cycles> = { BL: device.organisation.burstLength };
  for (const [name, time] of Object.entries(times))
    parameters[name] = standard.roundedDown.includes(name)
      ? cyclesDown(time, device.clock)
      : cyclesUp(time, device.clock);
  requireCountableCycles(device, parameters, mode);
  const constraints = standard.constraints.map(({ latency, ...rest }, i) => ({
    ...rest,
    name: latency,
    latency: Math.ceil(evaluate(units, device, latency, parameters, ['constraints', String(i), 'latency'])),
  }));
  const rules = resolveRules(units, device, parameters);
  const timing = { standard: standard.name, commands: standard.commands, parameters, constraints, rules };
  requireRestoredRows(device, timing);
  const places = {
    ...(device.places === undefined ? {} : { device: device.places }),
    ...(standard.places === undefined ? {} : { standard: standard.places }),
  };
  return { ...timing, supply, mode, clock: device.clock, places };
}

/** Longest time in cycles: the controller core counts in 32-bit words. */
const MOST_CYCLES = 2 ** 28;

/**
 * Throws InputError for a time that is no whole number of cycles the controller can count, and for a refresh interval
 * that, in cycles at this supply, leaves no time for a refresh and one row.
 */
function requireCountableCycles(
  { name, clock, places }: Device,
  parameters: Readonly<Record<string, Cycles>>,
  mode: TimingMode,
): void {
  for (const [parameter, cycles] of Object.entries(parameters))
    if (!(cycles >= 0 && cycles <= MOST_CYCLES))
      throw new InputError(`${parameter} of ${name} is ${cycles} cycles with ${mode} timing`, {
        ...placeIn(places, 'timing', parameter),
        remedy: `times of 0 to ${MOST_CYCLES} cycles of the ${clock} MHz clock are simulated`,
      });
  const of = (parameter: string): Cycles => parameters[parameter] ?? 0;
  const busy = of('tRFCab') + of('tRAS') + of('tRP');
  if (parameters['tREFI'] !== undefined && of('tREFI') <= busy)
    throw new InputError(
      `tREFI of ${name} is ${of('tREFI')} cycles with ${mode} timing: a refresh and one row take ${busy}`,
      {
        ...placeIn(places, 'timing', 'tREFI'),
        remedy: 'correct tREFI, tRFCab, tRAS or tRP, or choose a higher supply',
      },
    );
}

/** Evaluates a formula that the device's standard has at `path`. Throws InputError where it gives no number with the device's timing. */
function evaluate(
  units: Units,
  { name, standard }: Device,
  formula: string,
  scope: Readonly<Record<string, number>>,
  path: readonly string[],
): number {
  try {
    return units.formula(formula, scope);
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    throw new InputError(`formula ${error.message} with the timing of ${name}`, {
      ...placeIn(standard.places, ...path),
      remedy: `correct it in the standard ${standard.name}, or the timing in the device`,
    });
  }
}

function resolveRules(
  units: Units,
  device: Device,
  parameters: Readonly<Record<string, Cycles>>,
): ResolvedRules {
  const { standard } = device;
  const { firstData, autoPrecharge, refresh } = standard;
  const scope = { ...parameters, banks: banksPerRank(device.organisation) };
  const pathOf = (rule: string): string[] => rule.split('.');
  const ruleAt = (rule: string): AtPlace => placeIn(standard.places, ...pathOf(rule));
  const atLeast = (least: number, what: string, formula: string, cycles: Cycles): Cycles => {
    if (cycles < least)
      throw new InputError(
        `${what} of ${standard.name}, "${formula}", is ${cycles} cycles with the timing of ${device.name}`,
        {
          ...ruleAt(what),
          remedy: `it must be at least ${least}: correct the formula, or the timing in the device`,
        },
      );
    return cycles;
  };
  const delay = (what: string, formula: string): Cycles =>
    atLeast(0, what, formula, Math.ceil(evaluate(units, device, formula, parameters, pathOf(what))));
  const interval = refresh.perBankInterval;
  return {
    commandCycles: standard.commandCycles,
    firstData: {
      read: delay('first_data.read', firstData.read),
      write: delay('first_data.write', firstData.write),
    },
    autoPrecharge: autoPrecharge && {
      RDA: delay('auto_precharge.RDA', autoPrecharge.RDA),
      WRA: delay('auto_precharge.WRA', autoPrecharge.WRA),
      waitsForTRAS: autoPrecharge.waitsForTRAS,
    },
    closedBanks: standard.closedBanks,
    postponedRefreshes: refresh.postponed,
    perBankRefreshInterval:
      interval === undefined
        ? undefined
        : atLeast(
            1,
            'refresh.per_bank_interval',
            interval,
            Math.floor(evaluate(units, device, interval, scope, pathOf('refresh.per_bank_interval'))),
          ),
    banksPerREFpb: refreshedAtOnce(device),
  };
}

/** Banks that a REFpb refreshes. Throws InputError where the rank's banks are no multiple of them. */
function refreshedAtOnce({ name, standard, organisation }: Device): number {
  const { banksPerREFpb } = standard.refresh;
  const banks = banksPerRank(organisation);
  if (banks % banksPerREFpb !== 0)
    throw new InputError(
      `a REFpb of ${standard.name} refreshes ${banksPerREFpb} banks, which do not divide the ${banks} banks a rank of ${name}`,
      {
        ...placeIn(standard.places, 'refresh', 'banks_per_REFpb'),
        remedy: 'correct refresh.banks_per_REFpb in the standard, or the banks in the device',
      },
    );
  return banksPerREFpb;
}

/**
 * Where auto-precharge does not wait for tRAS, the constraints themselves must keep RDA and WRA from closing a row before
 * its cells are restored. Throws InputError where they do not.
 */
function requireRestoredRows(
  device: Device,
  { constraints, rules, parameters }: Pick<ResolvedTiming, 'constraints' | 'rules' | 'parameters'>,
): void {
  const { autoPrecharge } = rules;
  if (autoPrecharge === undefined || autoPrecharge.waitsForTRAS) return;
  const tRAS = parameters['tRAS'] ?? 0;
  for (const command of ['RDA', 'WRA'] as const) {
    const wait = Math.max(
      0,
      ...constraints
        .filter(
          ({ level, window, sibling, preceding, following }) =>
            ['bank', 'bankgroup', 'rank', 'channel'].includes(level) &&
            window === 1 &&
            !sibling &&
            preceding.includes('ACT') &&
            following.includes(command),
        )
        .map(({ latency }) => latency),
    );
    const closes = wait + autoPrecharge[command];
    if (closes < tRAS)
      throw new InputError(
        `${device.standard.name} lets ${command} close a row ${closes} cycles after ACT, before tRAS of ${tRAS}`,
        {
          ...placeIn(device.standard.places, 'auto_precharge'),
          remedy: `constrain ACT to ${command}, or say auto_precharge: { waits_for_tRAS: true }`,
        },
      );
  }
}

/**
 * The device's times at a supply before they are rounded to cycles: what `resolveTiming` rounds. Throws InputError for a supply
 * outside the device's range or its circuit curve's.
 */
export function timesAt(
  device: Device,
  supply: Volts,
  mode: TimingMode,
  temperature?: number,
): Readonly<Record<string, Nanoseconds>> {
  requireSupply(device, supply);
  const given = temperature === undefined ? device.timing : refreshedAt(device, temperature);
  return mode === 'nominal'
    ? given
    : stretchTiming(given, device.standard.circuitDelays, stretchAt(device, supply));
}

/** The device's timing with the refresh interval of a temperature. */
function refreshedAt(device: Device, temperature: number): Record<string, Nanoseconds> {
  const factor = refreshIntervalFactor(device, temperature);
  return { ...device.timing, tREFI: device.timing['tREFI']! * factor };
}

/**
 * A parameter that is one circuit delay is multiplied by what that delay grows; one that contains several (tRC holds one
 * tRAS and one tRP) grows by as much as they do.
 */
function stretchTiming(
  timing: Readonly<Record<string, Nanoseconds>>,
  circuitDelays: Standard['circuitDelays'],
  stretch: Stretch,
): Record<string, Nanoseconds> {
  const stretched: Record<string, Nanoseconds> = { ...timing };
  for (const [name, delays] of Object.entries(circuitDelays)) {
    const [only] = delays;
    const time = timing[name]!;
    stretched[name] =
      delays.length === 1
        ? time * stretch[only!]
        : delays.reduce((sum, delay) => sum + (timing[delay]! * stretch[delay] - timing[delay]!), time);
  }
  return stretched;
}

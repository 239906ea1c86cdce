import type { Place } from '../errors/input-error.ts';
import type { Megahertz, Milliamperes, Nanoseconds, Volts } from '../units/flavours.ts';
import type { CurrentName } from './currents.ts';
import type { ModelPlaces } from './model-places.ts';
import type { Provenance } from './provenance.ts';
import type { Standard } from './standard.ts';

/** How a DRAM channel is built up. Counts are per next outer level: bank groups a rank, banks a group, and so on. */
export interface Organisation {
  readonly channels: number;
  readonly ranks: number;
  readonly bankGroups: number;
  readonly banksPerGroup: number;
  readonly rows: number;
  /** Column addresses a row, each `deviceWidth` bits wide on one device. */
  readonly columns: number;
  readonly rowsPerSubarray: number;
  /** Data pins of one device. */
  readonly deviceWidth: number;
  /** Devices in lockstep that fill the channel's width. */
  readonly devicesPerRank: number;
  /** Transfers a burst. */
  readonly burstLength: number;
  /** Transfers a command-clock cycle. */
  readonly dataRate: number;
}

/** One supply rail: its nominal voltage, whether the supply knob scales it, and the currents drawn from it. */
export interface Rail {
  readonly name: string;
  readonly nominal: Volts;
  readonly scaled: boolean;
  readonly currents: Readonly<Partial<Record<CurrentName, Milliamperes>>>;
  /**
   * The time over which IDD5PB is an average, with one refresh of a bank in it; tRFCpb where IDD5PB is the current while
   * the refresh lasts. A rail with an IDD5PB has it.
   */
  readonly bankRefreshInterval?: Nanoseconds;
  /** Where the device's file gives these currents. */
  readonly currentsPlace?: Place;
}

/**
 * Data pins of one device, whose energy the core currents do not hold. They hang on a rail of their own, which the supply
 * knob does not scale.
 */
export interface DataPins {
  /** Load of one data or strobe pin, driven on reads. */
  readonly capacitance_pF: number;
  readonly voltage: Volts;
  /** Power of one terminated pin during a write; 0 without on-die termination. */
  readonly writeTermination_mW: number;
}

/** Another public set of currents for the same part; sources disagree, and a result can show the band between them. */
export interface CurrentSet {
  readonly name: string;
  readonly rails: readonly Rail[];
}

/**
 * The supply knob: the voltage that a sweep names, and the circuit curve that stretches timing when it falls; without a
 * curve only the data sheet's timing is known.
 */
export interface Supply {
  readonly nominal: Volts;
  readonly min: Volts;
  readonly max: Volts;
  readonly curve?: CircuitCurve;
}

/**
 * Circuit delays against supply, normalised to 1 at `reference`; ascending in voltage, each factor non-increasing
 * in voltage (a raw simulated curve is made monotone on load by a running maximum from the top).
 */
export interface CircuitCurve {
  readonly name: string;
  readonly description?: string;
  readonly reference: Volts;
  readonly voltages: readonly Volts[];
  readonly tRCD: readonly number[];
  readonly tRAS: readonly number[];
  readonly tRP: readonly number[];
  readonly provenance: readonly Provenance[];
}

/**
 * Error correction inside each device, which its user does not see: words of `dataBits`, kept with `checkBits`, of which up to
 * `correctedBits` wrong ones are corrected as they are read.
 */
export interface OnDieEcc {
  readonly dataBits: number;
  readonly checkBits: number;
  readonly correctedBits: number;
}

/** A DRAM device as `hw-models/dram/*.yaml` describes it, in plain numbers. */
export interface Device {
  readonly name: string;
  readonly description: string;
  readonly standard: Standard;
  readonly organisation: Organisation;
  /** Command clock. */
  readonly clock: Megahertz;
  /** Timing parameters at nominal supply, by JEDEC name. */
  readonly timing: Readonly<Record<string, Nanoseconds>>;
  /** Highest temperature (degC) at which tREFI as given holds; absent: that of the standard's first step. */
  readonly refreshUpTo?: number;
  readonly supply: Supply;
  /** The rails with the device's own currents. */
  readonly rails: readonly Rail[];
  readonly otherCurrents: readonly CurrentSet[];
  /** Data pins as a public source gives them. Energy counts them only where a job says so. */
  readonly io?: DataPins;
  /** The device file of the same part with the rails that it really has, for a device whose rails are a study's. */
  readonly ownRails?: string;
  /** Absent for a device without it. The simulation does not apply it: wrong bits are those before it. */
  readonly onDieEcc?: OnDieEcc;
  /** Why no currents are given, for a device whose energy is therefore unknown. */
  readonly energyUnknown?: string;
  /** Why its energy must be doubted, in words that follow its name. */
  readonly energyDoubt?: string;
  /** Every number with the text the file gives, its source and any doubt about it. */
  readonly provenance: readonly Provenance[];
  /** What the loader noted while reading (for instance that tRC is shorter than tRAS + tRP). */
  readonly notes: readonly string[];
  /** Where its file gives what; absent for a device that was not read from a file. */
  readonly places?: ModelPlaces;
}

/** What the notes of a device without a circuit curve say. */
export const NO_CURVE = 'no circuit curve is given: below nominal supply only nominal timing';

/** Banks of a rank, over all its bank groups. */
export const banksPerRank = ({
  bankGroups,
  banksPerGroup,
}: Pick<Organisation, 'bankGroups' | 'banksPerGroup'>): number => bankGroups * banksPerGroup;

/** Bytes that one column command moves over the whole channel. */
export const bytesPerBurst = (organisation: Organisation): number =>
  (organisation.burstLength * organisation.deviceWidth * organisation.devicesPerRank) / 8;

/** Bursts in one row of one bank (all devices of the rank together). */
export const burstsPerRow = (organisation: Organisation): number =>
  organisation.columns / organisation.burstLength;

/** Bytes of a row of one bank, over the devices of a rank. */
export const bytesPerRow = (organisation: Organisation): number =>
  burstsPerRow(organisation) * bytesPerBurst(organisation);

/** Subarrays of a bank; the last may have fewer rows. */
export const subarraysPerBank = (organisation: Organisation): number =>
  organisation.rows / organisation.rowsPerSubarray;

/** Bytes of a channel, over all its ranks. */
export const bytesPerChannel = (organisation: Organisation): number =>
  organisation.ranks * banksPerRank(organisation) * organisation.rows * bytesPerRow(organisation);

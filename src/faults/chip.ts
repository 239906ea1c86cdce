import { expm1 } from '../elementary/exponential.ts';
import { log1p } from '../elementary/logarithm.ts';
import { pow10 } from '../elementary/power.ts';
import { InputError } from '../errors/input-error.ts';
import { suggest } from '../errors/suggest.ts';
import { bankCount, bankLevels } from '../hardware/bank-index.ts';
import { bytesPerRow, type Organisation } from '../hardware/device.ts';
import {
  berAt,
  type ProfileMember,
  type SubarrayStructure,
  supplyAtBer,
  type VoltageProfile,
} from '../hardware/voltage-profile.ts';
import { counterHash } from '../random/counter-hash.ts';
import { streamKey, uniformStream } from '../random/streams.ts';
import type { Volts } from '../units/flavours.ts';
import { type ErrorModel, errorModel, meanFlip } from './error-model.ts';
import { type Grades, lognormalGrades } from './grades.ts';
import type { RetentionConditions } from './retention-conditions.ts';
import { subarrayFactors } from './subarray-factors.ts';
import { createShareBalance, levelOf, type ShareBalance, shareAt } from './weak-share.ts';

/** What a chip needs to know of its device; a `Device` is one. */
export interface ChipSite {
  readonly organisation: Organisation;
  readonly supply: { readonly nominal: Volts };
}

export interface ChipOptions {
  readonly seed: number;
  /** Number of the chip under the seed (default: 0). */
  readonly chip?: number;
  /** Error model (default: model 0, whose weak cells flip at every read). */
  readonly model?: ErrorModel;
  /** The profile's member whose curve the chip takes; by default drawn from the population. */
  readonly member?: string;
  /** What differs in its clustering over subarrays from that of the member. */
  readonly structure?: Partial<SubarrayStructure>;
  /** Under which cells must keep their charge; by default retention is left out. */
  readonly retention?: RetentionConditions;
}

/**
 * All devices of the memory ("chip" as the papers say), as a seed and what follows from it. Plain data: it can be
 * handed to a worker. Its cells are made on demand by `weakCellsAt`.
 */
export interface GeneratedChip {
  readonly kind: 'generated';
  readonly seed: number;
  readonly organisation: Organisation;
  /** Nominal supply of the device; it corresponds to the profile's nominal. */
  readonly nominal: Volts;
  readonly profile: VoltageProfile;
  readonly member: ProfileMember;
  readonly model: ErrorModel;
  /** Four random words from which every key of the chip is derived. */
  readonly key: Uint32Array;
  /** Relative weakness of each subarray, by subarray index (hardware/bank-index.ts). */
  readonly factors: Float64Array;
  /** Grades of bitlines (model 1) or of rows (model 2) in each subarray; a single one otherwise. */
  readonly grades: Grades;
  readonly balance: ShareBalance;
  /** Absent where retention is left out. */
  readonly retention?: RetentionConditions;
}

/**
 * The chip that follows from (seed, chip number), always the same. Throws InputError for an unknown member and for a
 * model whose flips are too rare to bring about the profile's bit error rate.
 */
export function createChip(profile: VoltageProfile, site: ChipSite, options: ChipOptions): GeneratedChip {
  const { seed, chip = 0, model = errorModel(0), retention } = options;
  const { organisation } = site;
  const rowBits = bytesPerRow(organisation) * 8;
  const rows = bankCount(bankLevels(organisation)) * organisation.rows;
  // Counters of rows and of the cells of a row are 32-bit words.
  if (rows > 2 ** 32 || rowBits > 2 ** 31)
    throw new InputError(`a memory of ${rows} rows of ${rowBits} bits is too large for a weak-cell map`);

  const member = memberOf(profile, seed, chip, options.member);
  const structure = { ...(member.structure ?? profile.structure), ...options.structure };
  const name = `weak cells of chip ${chip}`;
  const key = streamKey(seed, name);
  const factors = subarrayFactors(
    organisation,
    structure,
    member.bankWeights,
    ...derivedKey(key, 'subarray'),
  );
  const lines = model.id === 2 ? organisation.rowsPerSubarray : rowBits;
  const grades = lognormalGrades(lines, model.spread);
  const balance = balanceOf(factors, grades);
  const generated: GeneratedChip = {
    kind: 'generated',
    seed,
    organisation,
    nominal: site.supply.nominal,
    profile,
    member,
    model,
    key,
    factors,
    grades,
    balance,
    ...(retention === undefined ? {} : { retention }),
  };
  const worst = pow10(member.curve.log10Ber[0]!);
  if (member.curve.voltages[0]! < member.curve.errorFree && worst > meanFlip(model))
    throw new InputError(
      `weak cells that flip with probability ${meanFlip(model)} cannot bring about the bit error rate ${worst.toExponential(2)} of ${profile.name}`,
      { remedy: 'raise the flip probability' },
    );
  return generated;
}

/**
 * The member whose curve a chip takes. Of a profile of n members, chips 1 to n of a seed take each of them once, in a random
 * order, the next n again, in another order, and so on: the modules of a few chips differ as far as they can. Throws
 * InputError for a member that the profile does not have.
 */
function memberOf(
  profile: VoltageProfile,
  seed: number,
  chip: number,
  named: string | undefined,
): ProfileMember {
  const { members } = profile;
  if (named === undefined) {
    const place = Math.max(0, chip - 1);
    const round = Math.floor(place / members.length);
    return shuffled(members, uniformStream(seed, `order of members, round ${round}`))[
      place % members.length
    ]!;
  }
  const member = members.find(({ name }) => name === named);
  if (member) return member;
  const known = members.map(({ name }) => name);
  throw new InputError(`voltage profile ${profile.name} has no member "${named}"`, {
    remedy: suggest(named, known, 'members'),
  });
}

/** The same in a random order (Fisher and Yates); `draw` gives numbers from 0 to below 1. */
function shuffled<T>(items: readonly T[], draw: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

function balanceOf(factors: Float64Array, grades: Grades): ShareBalance {
  const parts = grades.factor.length;
  const products = new Float64Array(factors.length * parts);
  const sizes = new Float64Array(factors.length * parts);
  factors.forEach((factor, subarray) => {
    grades.factor.forEach((grade, g) => {
      products[subarray * parts + g] = factor * grade;
      sizes[subarray * parts + g] = grades.start[g + 1]! - grades.start[g]!;
    });
  });
  return createShareBalance(products, sizes);
}

const KEY_PURPOSES = ['subarray', 'bitlines', 'row', 'retention', 'flip'] as const;

/** A key for one purpose, unrelated to the keys of the others. */
export function derivedKey(key: Uint32Array, purpose: (typeof KEY_PURPOSES)[number]): [number, number] {
  const counter = 2 * KEY_PURPOSES.indexOf(purpose);
  return [counterHash(key[0]!, key[1]!, counter), counterHash(key[2]!, key[3]!, counter + 1)];
}

/** Supplies at which a chip's cells are known, in the device's own volts. */
export function supplyRange(chip: GeneratedChip): { lowest: Volts; highest: Volts } {
  const scale = chip.nominal / chip.profile.nominal;
  return { lowest: chip.member.curve.voltages[0]! * scale, highest: chip.nominal };
}

/** What was measured of a module at a supply. */
export type Knowledge = 'known' | 'saturated' | 'untested';

/**
 * Whether a member's error rate is known at a supply of the profile's scale. Below the range of its curve it is not: it had
 * more errors there, or at a higher supply, than the measurement could count, or it was not tested that low.
 */
export function knowledgeOf({ curve, tests = [] }: ProfileMember, supply: Volts): Knowledge {
  if (supply >= curve.voltages[0]! - SAME_SUPPLY) return 'known';
  const saturated = tests.some((test) => test.ber === 'saturated' && test.supply >= supply - SAME_SUPPLY);
  return saturated ? 'saturated' : 'untested';
}

/** Names of a profile's members by what is known of them at a supply of the device. */
export function membersBy(
  profile: VoltageProfile,
  nominal: Volts,
  supply: Volts,
): Readonly<Record<Knowledge, readonly string[]>> {
  const exact = (supply / nominal) * profile.nominal;
  const of = (wanted: Knowledge): string[] =>
    profile.members.filter((member) => knowledgeOf(member, exact) === wanted).map(({ name }) => name);
  return { known: of('known'), saturated: of('saturated'), untested: of('untested') };
}

/** Two supplies this close (volts) are the same: a ratio such as 1.2 / 1.2 x 1.35 may miss a table's end by a bit. */
const SAME_SUPPLY = 1e-12;

/**
 * A device's supply on the profile's scale: the same ratio to nominal. Throws InputError outside the range in which
 * the chip's member was measured; nothing is extrapolated.
 */
export function profileSupply(chip: GeneratedChip, supply: Volts): Volts {
  const { profile, member, nominal } = chip;
  const lowest = member.curve.voltages[0]!;
  const exact = (supply / nominal) * profile.nominal;
  for (const end of [profile.nominal, lowest]) if (Math.abs(exact - end) < SAME_SUPPLY) return end;
  if (exact > lowest && exact < profile.nominal) return exact;
  const range = supplyRange(chip);
  const who = profile.members.length > 1 ? `module ${member.name} of ` : '';
  throw new InputError(
    `supply ${supply} V is outside the range of ${who}voltage profile ${profile.name}, ` +
      `${volts(range.lowest)} to ${volts(range.highest)} V`,
    { remedy: otherSupply(chip, exact) },
  );
}

/** As many modules and chips are named in a message. */
const NAMED_MODULES = 12;
const NAMED_CHIPS = 5;

/**
 * What can be done where nothing is known of a chip at a supply of the profile's scale: the modules that are known there,
 * and which chips of the seed take them.
 */
function otherSupply({ profile, seed }: GeneratedChip, supply: Volts): string {
  const { members } = profile;
  if (members.length < 2) return 'nothing was measured there; choose a supply within';
  const isKnown = (member: ProfileMember): boolean => knowledgeOf(member, supply) === 'known';
  const known = members.filter(isKnown).map(({ name }) => name);
  // Chips 1 to n take each of n members once.
  const numbers = members
    .map((_, i) => i + 1)
    .filter((chip) => isKnown(memberOf(profile, seed, chip, undefined)));
  const others =
    supply > profile.nominal || known.length === 0
      ? ''
      : ` (known there: ${firstOf(known, NAMED_MODULES)}; of seed ${seed} chips ${firstOf(numbers, NAMED_CHIPS)})`;
  return `each chip takes one module and is known only where that was measured: choose a supply within, or another chip${others}`;
}

const firstOf = (all: readonly (string | number)[], most: number): string =>
  all.slice(0, most).join(', ') + (all.length > most ? ' ...' : '');

const volts = (value: number): string => String(Number(value.toFixed(4)));

/** Share of the chip's cells that are weak at a supply: the profile's bit error rate / mean flip probability. */
export function weakShare(chip: GeneratedChip, supply: Volts): number {
  return berAt(chip.member.curve, profileSupply(chip, supply)) / meanFlip(chip.model);
}

/**
 * Hazard up to which cells of a part with this factor are weak at a level: a cell of quantile u has the hazard
 * -ln(1 - u), and it is weak when u is at most min(1, level x factor).
 */
export function hazardLimit(level: number, factor: number): number {
  const share = level * factor;
  return share >= 1 ? Number.POSITIVE_INFINITY : -log1p(-share);
}

/** The level of a chip's weak shares at a supply (see ShareBalance). */
export function levelAt(chip: GeneratedChip, supply: Volts): number {
  return levelOf(chip.balance, weakShare(chip, supply));
}

/**
 * Failure voltage, in the device's volts, of a cell with this hazard in a part with this factor: it fails at every
 * supply below. Undefined for a cell that does not fail in the range that is known.
 */
export function failureVoltage(chip: GeneratedChip, hazard: number, factor: number): Volts | undefined {
  const level = -expm1(-hazard) / factor;
  const ber = shareAt(chip.balance, level) * meanFlip(chip.model);
  const supply = supplyAtBer(chip.member.curve, ber);
  if (supply === undefined) return undefined;
  return supply === chip.profile.nominal ? chip.nominal : (supply * chip.nominal) / chip.profile.nominal;
}

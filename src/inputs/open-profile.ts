import { InputError } from '../errors/input-error.ts';
import type { Device } from '../hardware/device.ts';
import { loadVoltageProfile } from '../hardware/load-voltage-profile.ts';
import type { ProfileMember, VoltageProfile } from '../hardware/voltage-profile.ts';
import type { InputRecorder } from './recorder.ts';

/** The profile of devices that it was measured on or published for, where none is named. */
export const DEFAULT_PROFILE = 'sparkxd';

/**
 * The profile that a job names. Without a name it is SparkXD's, for devices of the standards that it was measured on or
 * published for; throws InputError for others, of which no error is known: there a profile must be asked for by name.
 */
export async function openProfile(
  name: string | undefined,
  device: Device,
  { models, remark }: Pick<InputRecorder, 'models' | 'remark'>,
  measuredMap = false,
): Promise<VoltageProfile> {
  const profile = await loadVoltageProfile(name ?? DEFAULT_PROFILE, models);
  // A measured map says itself which cells fail.
  if (measuredMap) return profile;
  const { standard } = device;
  const known = [...profile.measuredOn, ...profile.publishedFor].includes(standard.name);
  if (name === undefined && !known)
    throw new InputError(
      `no bit errors of ${standard.name} were measured, so none is assumed of ${device.name}`,
      {
        remedy: `name the errors to take over: --profile ${DEFAULT_PROFILE} (measured on ${profile.measuredOn.join(', ')}), or another profile`,
      },
    );
  if (!known)
    remark(
      `bit errors: profile ${profile.name} was measured on ${profile.measuredOn.join(', ')} and is taken over to ${standard.name}`,
    );
  return profile;
}

/** A line for each measured rate that members of a profile raise, because a higher supply had more errors. */
export const levelledInWords = (
  { name }: VoltageProfile,
  members: readonly Pick<ProfileMember, 'name' | 'levelled'>[],
): string[] =>
  members.flatMap(({ name: module, levelled = [] }) =>
    levelled.map(
      ({ supply, measured, taken }) =>
        `bit errors: ${module} of ${name} had a rate of ${measured.toExponential(2)} at ${supply} V, less than at a higher supply; ${taken.toExponential(2)}, as there, is taken`,
    ),
  );

/** Whether a profile's errors were measured on devices of another standard. */
export const isTransferred = ({ measuredOn }: VoltageProfile, { standard }: Device): boolean =>
  !measuredOn.includes(standard.name);

import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { MOST, MOST_BANKS, MOST_BYTES, MOST_SUBARRAYS } from './bounds.ts';
import { banksPerRank, bytesPerChannel, type Organisation, subarraysPerBank } from './device.ts';
import { sourcedCount, sourcedData, type ValueReader } from './sourced-values.ts';
import type { YamlDocument } from './yaml-document.ts';

export const organisationSchema = z.strictObject({
  source: z.string().optional(),
  channels: sourcedCount,
  ranks: sourcedCount,
  bank_groups: sourcedCount,
  banks_per_group: sourcedCount,
  rows: sourcedCount,
  columns: sourcedCount,
  rows_per_subarray: sourcedCount.optional(),
  device_width: sourcedData,
  devices_per_rank: sourcedCount,
  burst_length: sourcedCount,
  data_rate: sourcedCount,
});
type OrganisationFile = z.infer<typeof organisationSchema>;

/**
 * How the device is built up. A bank whose file gives no `rows_per_subarray` is taken as one subarray. Throws InputError
 * for a count outside its bounds, for parts that do not fill a whole, and for a memory that is larger than can be
 * simulated.
 */
export function readOrganisation(
  document: YamlDocument<{ readonly organisation: OrganisationFile }>,
  reader: ValueReader,
): Organisation {
  const given = document.data.organisation;
  type Key = keyof typeof MOST;
  const refuse = (key: Key, what: string, remedy?: string): never => {
    throw new InputError(what, {
      place: document.place(['organisation', key]),
      ...(remedy === undefined ? {} : { remedy }),
    });
  };
  const count = (key: Exclude<Key, 'device_width' | 'rows_per_subarray'>): number =>
    reader.count(['organisation', key], given[key], MOST[key]);
  const rows = count('rows');
  const { rows_per_subarray: subarray } = given;
  const organisation: Organisation = {
    channels: count('channels'),
    ranks: count('ranks'),
    bankGroups: count('bank_groups'),
    banksPerGroup: count('banks_per_group'),
    rows,
    columns: count('columns'),
    rowsPerSubarray:
      subarray === undefined
        ? rows
        : reader.count(['organisation', 'rows_per_subarray'], subarray, MOST.rows_per_subarray),
    deviceWidth: reader.quantity(['organisation', 'device_width'], given.device_width, 'data'),
    devicesPerRank: count('devices_per_rank'),
    burstLength: count('burst_length'),
    dataRate: count('data_rate'),
  };
  const { deviceWidth, burstLength, columns, rowsPerSubarray } = organisation;
  if (!Number.isInteger(deviceWidth) || deviceWidth < 1 || deviceWidth > MOST.device_width)
    refuse(
      'device_width',
      `organisation.device_width is ${deviceWidth} bit: expected a whole number from 1 to ${MOST.device_width} bit`,
    );
  const divides = (key: Key, part: number, whole: number, sentence: string): void => {
    if (whole % part !== 0) refuse(key, `${sentence}: ${whole} is not a multiple of ${part}`);
  };
  divides('columns', burstLength, columns, 'columns must be whole bursts');
  divides('rows_per_subarray', rowsPerSubarray, rows, 'rows must be whole subarrays');
  divides('device_width', 8, deviceWidth * burstLength, 'a burst must be whole bytes');

  const banks = organisation.channels * organisation.ranks * banksPerRank(organisation);
  if (banks > MOST_BANKS)
    refuse('channels', `the memory has ${banks} banks in all`, `at most ${MOST_BANKS} are simulated`);
  const subarrays = banks * subarraysPerBank(organisation);
  if (subarrays > MOST_SUBARRAYS)
    refuse(
      subarray === undefined ? 'rows' : 'rows_per_subarray',
      `the memory has ${subarrays} subarrays in all`,
      `at most ${MOST_SUBARRAYS} are simulated: give more rows a subarray`,
    );
  const bytes = organisation.channels * bytesPerChannel(organisation);
  if (bytes > MOST_BYTES)
    refuse('rows', `the memory has ${bytes} bytes in all`, `at most ${MOST_BYTES} (4 TiB) are simulated`);
  return organisation;
}

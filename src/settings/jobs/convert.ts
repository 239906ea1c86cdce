import { ACCESS_FORMATS } from '../../trace/access-formats.ts';
import { device } from '../memory-settings.ts';
import { switchedOn } from '../output-settings.ts';
import { described, type JobInput, type JobOf, optional, required, withDefault } from '../setting.ts';
import {
  accessBytes,
  accessFormat,
  addressBase,
  addressMapping,
  lateTimes,
  offset,
  wrap,
  writes,
} from '../traffic-settings.ts';
import { oneOf, quantity, text, whole } from '../values.ts';

/** `sparkxd convert`: an access trace in another format. */
export const CONVERT = {
  input: required({
    ...text,
    positional: true,
    value: 'IN',
    help: 'access trace, gzip or plain; - is standard input',
  }),
  output: required({
    ...text,
    positional: true,
    value: 'OUT',
    help: 'access trace to write; gzip if it ends in .gz; - is standard output',
  }),
  from: accessFormat,
  to: required({ ...oneOf(ACCESS_FORMATS, 'trace formats'), help: 'any of these' }),
  accessBytes: described(
    accessBytes,
    'size of an access in formats that give none (default: 64; of a SCALE-Sim word: 1)',
  ),
  clock: optional({
    ...quantity('MHz', 0.001, 9000),
    help: 'clock of formats that count in cycles; MHz if no unit is given',
  }),
  writes,
  addressBase,
  offset,
  wrap: described(wrap, 'take addresses modulo the size of the device (with --device)'),
  lateTimes,
  device: optional(
    described(device, 'device of address vectors (ramulator2-vector), and whose size --wrap takes'),
  ),
  addressMapping: described(addressMapping, 'order of its address bits'),
  allowLossy: switchedOn('leave out what the format cannot say of the requests, and list it'),
  limit: withDefault(
    {
      ...whole(1),
      help: 'most accesses to write (sxt: any number); one run may be 2^45 lines, and 10^9 are 11 GB of ramulator',
    },
    1_000_000_000,
  ),
};

export type ConvertJob = JobOf<typeof CONVERT>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type ConvertInput = JobInput<typeof CONVERT>;

import { ACCESS_FORMATS } from '../../trace/access-formats.ts';
import { device } from '../memory-settings.ts';
import { switchedOn } from '../output-settings.ts';
import { described, type JobInput, type JobOf, optional, required, withDefault } from '../setting.ts';
import { accessBytes, accessFormat, addressMapping } from '../traffic-settings.ts';
import { between, oneOf, text, whole } from '../values.ts';

/** `sparkxd convert`: an access trace in another format. */
export const CONVERT = {
  input: required({ ...text, positional: true, value: 'IN', help: 'access trace, gzip or plain' }),
  output: required({
    ...text,
    positional: true,
    value: 'OUT',
    help: 'access trace to write; gzip if it ends in .gz',
  }),
  from: accessFormat,
  to: required({ ...oneOf(ACCESS_FORMATS, 'trace formats'), help: 'any of these' }),
  accessBytes: described(accessBytes, 'size of an access in formats that give none (default: 64)'),
  clock: optional({ ...between(0.001, 9000), value: 'MHZ', help: 'clock of formats that count in cycles' }),
  writes: switchedOn('a SCALE-Sim file is writes (default: reads)'),
  device: optional(described(device, 'device of address vectors (ramulator2-vector)')),
  addressMapping: described(addressMapping, 'order of its address bits'),
  allowLossy: switchedOn('leave out what the format cannot say of the requests, and list it'),
  limit: withDefault(
    {
      ...whole(1),
      help: 'most accesses to write (sxt: any number); one run may be 2^45 lines, and 10^9 are 11 GB of ramulator',
    },
    10 ** 9,
  ),
};

export type ConvertJob = JobOf<typeof CONVERT>;
export type ConvertInput = JobInput<typeof CONVERT>;

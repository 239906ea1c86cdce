import { TEXT_COMMAND_FORMATS } from '../../trace/command-trace-formats.ts';
import { controller } from '../controller-settings.ts';
import { law } from '../energy-settings.ts';
import { device, subarrays, supplies, timing } from '../memory-settings.ts';
import { switchedOn } from '../output-settings.ts';
import { described, type JobInput, type JobOf, optional, required, withDefault } from '../setting.ts';
import {
  accessBytes,
  accessFormat,
  addressBase,
  addressMapping,
  arrival,
  lateTimes,
  offset,
  wrap,
  writes,
} from '../traffic-settings.ts';
import { oneOf, text } from '../values.ts';

/** `sparkxd replay`: one access trace at each supply. */
export const REPLAY = {
  trace: required({
    ...text,
    positional: true,
    value: 'TRACE',
    help: 'access trace: .sxt or any format of docs/access-traces.md, gzip or plain; - is standard input',
  }),
  format: accessFormat,
  accessBytes,
  writes,
  addressBase,
  offset,
  wrap,
  device,
  supplies: optional(described(supplies, 'supply voltages: 1.35,1.25 or 1.35:1.00:0.025 (default: nominal)')),
  timing: withDefault(timing, 'stretched'),
  arrival,
  lateTimes,
  law,
  addressMapping,
  controller,
  subarrays,
  hash: switchedOn('print a hash of all commands at each supply'),
  commands: optional({ ...text, value: 'FILE', help: 'write every DRAM command (with a single --supply)' }),
  commandsFormat: withDefault(
    { ...oneOf(TEXT_COMMAND_FORMATS, 'formats'), help: `their format: ${TEXT_COMMAND_FORMATS.join(', ')}` },
    'drampower',
  ),
};

export type ReplayJob = JobOf<typeof REPLAY>;
export type ReplayInput = JobInput<typeof REPLAY>;

import { z } from 'zod';
import { LAYER_SCHEDULES } from '../accelerator/build-layers.ts';
import { WORKLOADS } from '../accelerator/workload.ts';
import { MOST_CORES } from '../hardware/accelerator.ts';
import { ACCESS_FORMATS } from '../trace/access-formats.ts';
import { COMMAND_TRACE_FORMATS } from '../trace/command-trace-formats.ts';
import { ARRIVALS } from '../trace/trace-requests.ts';
import { switchedOn } from './output-settings.ts';
import { optional, required, withDefault } from './setting.ts';
import { address, oneOf, text, whole } from './values.ts';

/** Bases of address digits. */
const ADDRESS_BASES = [10, 16] as const;

/** Settings of what a memory is asked to do: inferences on an accelerator, or a trace. */

export const accelerator = withDefault(
  { ...text, value: 'NAME|FILE', names: 'accelerators', help: 'SNN accelerator' },
  'edge',
);

export const workload = required({
  ...oneOf(WORKLOADS, 'workloads'),
  help: `how an inference reads its weights: ${WORKLOADS.join(', ')}`,
});

export const cores = optional({
  ...whole(1, MOST_CORES),
  help: 'cores over which the neurons are cut (default: as the accelerator says)',
});

export const layerSchedule = optional({
  ...oneOf(LAYER_SCHEDULES, 'layer schedules'),
  help: 'layered networks: layers follow each other on all cores (sequence), or each has a core of its own (pipeline) (default: sequence)',
});

export const batch = withDefault(
  { ...whole(1, 1024), help: 'inferences under way together: a row that several need is fetched once' },
  1,
);

/** The most sources of other traffic. */
const MOST_TRAFFIC = 64;

export const traffic = optional({
  // Two of one description have random numbers of their own.
  schema: z
    .array(text.schema)
    .min(1)
    .max(MOST_TRAFFIC, { error: `expected at most ${MOST_TRAFFIC} of them` })
    .readonly(),
  value: 'SPEC',
  repeatable: true,
  read: (spec: string) => [spec],
  help: 'other traffic on the memory, such as random:1GBps:read=0.7 or trace:FILE (docs/traffic.md; repeatable)',
});

export const load = switchedOn(
  'write the weights to the DRAM: first, told of apart, and with --rewrite-every each time, which counts',
);

/** Simulated inferences are kept in memory, some hundred kilobytes each. */
const MOST_INFERENCES = 100_000;

export const inferences = withDefault(
  { ...whole(1, MOST_INFERENCES), help: 'inferences simulated in the DRAM' },
  16,
);

export const arrival = withDefault(
  { ...oneOf(ARRIVALS, 'arrivals'), help: `when a request enters: ${ARRIVALS.join(', ')}` },
  'asap',
);

/** How byte addresses count through a device by default: Ramulator's RoBaRaCoCh, where consecutive rows lie in different banks. */
export const addressMapping = withDefault(
  {
    ...text,
    value: 'NAME|FILE',
    help: 'order of address bits: row-bank-column, RoBaRaCoCh, ..., or a file (docs/address-mapping.md)',
  },
  'row-bank-column',
);

export const accessFormat = optional({
  ...oneOf(ACCESS_FORMATS, 'trace formats'),
  help: `${ACCESS_FORMATS.join(', ')} (default: found from the content)`,
});

/** Accesses larger than a gigabyte are no accesses. */
export const accessBytes = optional({
  ...whole(1, 2 ** 30),
  help: 'size of an access in formats that give none (default: one burst; of a SCALE-Sim word: 1)',
});

export const writes = switchedOn('a SCALE-Sim file is writes (default: reads)');

export const addressBase = withDefault(
  {
    schema: z.literal(ADDRESS_BASES, { error: 'expected 10 or 16' }) as z.ZodType<10 | 16, 10 | 16>,
    value: 'BASE',
    read: Number,
    help: 'base of addresses without 0x in ramulator, dramsim3, nvmain, stl and rstl: 10 or 16',
  },
  16,
);

export const offset = withDefault(
  { ...address, help: 'where the memory begins in the traced system: subtracted from addresses' },
  0,
);

export const wrap = switchedOn('take addresses modulo the size of the device');

export const lateTimes = switchedOn(
  'issue a request at once whose time lies before that of the one before it, as DRAMSys does',
);

export const commandFormat = optional({
  ...oneOf(COMMAND_TRACE_FORMATS, 'command formats'),
  help: `${COMMAND_TRACE_FORMATS.join(', ')} (default: found from the content)`,
});

/** The command traces of a memory's channels, named as the arguments of a command. */
export const commands = required({
  schema: z.union([z.string(), z.array(z.string()).min(1).readonly()]),
  read: (file) => file,
  positional: true,
  value: 'COMMANDS...',
  help: 'command trace, gzip or plain, one a channel in their order; - is standard input',
});

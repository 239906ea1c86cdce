import { InputError } from '../errors/input-error.ts';
import { createTurn } from '../files/turn.ts';
import { createPartFile } from '../files/write-file.ts';
import { bytesPerBurst } from '../hardware/device.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { openAddressMapping } from '../inputs/open-address-mapping.ts';
import { openTrace } from '../inputs/trace-files.ts';
import { CONVERT, type ConvertInput, type ConvertJob } from '../settings/jobs/convert.ts';
import { completeJob } from '../settings/parse-job.ts';
import type { AccessTraceOptions, Losses } from '../trace/access-format.ts';
import { type AccessFormatName, accessFormat } from '../trace/access-formats.ts';
import { emptyRun } from '../trace/access-run.ts';
import { createAccessTraceWriter } from '../trace/access-trace.ts';
import { windowed } from '../trace/address-window.ts';
import type { Bytes, Megahertz } from '../units/flavours.ts';
import { type TraceReading, traceReading } from './trace-reading.ts';

export interface ConvertOutcome {
  readonly from: AccessFormatName;
  readonly to: AccessFormatName;
  readonly reading: TraceReading;
  readonly runs: number;
  readonly reads: Bytes;
  readonly writes: Bytes;
  /** What was not carried over, in words; empty if nothing was lost. */
  readonly lost: readonly string[];
}

/** Runs that are written between two looks at the clock. */
const RUNS_A_TURN = 4096;

/** Between two formats that count in cycles the clock cancels out. */
const ANY_CLOCK: Megahertz = 1000;

/**
 * Converts an access trace; the output is compressed if its name ends in `.gz`, and appears whole or not at all. What
 * belongs to the requests themselves (times, sources, addresses) is lost only if that is allowed, and always listed;
 * else throws InputError, as for input that cannot be read or said in the other format.
 */
export async function runConvert(input: ConvertInput): Promise<ConvertOutcome> {
  const job = completeJob(CONVERT, input);
  const memory = await memoryOf(job);
  if (job.wrap && memory === undefined)
    throw new InputError('addresses modulo the size of an unknown device', {
      remedy: 'give it: --wrap --device NAME',
    });
  const size = memory && memory.mapping.bursts * bytesPerBurst(memory.organisation);
  const window = { offset: job.offset, ...(job.wrap && size ? { wrap: size } : {}) };
  const options: AccessTraceOptions = {
    writes: job.writes,
    addressBase: job.addressBase,
    lateTimes: job.lateTimes,
    limit: job.limit,
    window,
    ...(job.accessBytes === undefined ? {} : { accessBytes: job.accessBytes }),
    ...(job.clock === undefined ? {} : { clock: job.clock }),
    ...(memory ? { memory } : {}),
  };
  const opened = await openTrace(job.input, {
    ...withClock(options, job.to),
    ...(job.from === undefined ? {} : { format: job.from }),
  });
  const { trace, losses } = opened;
  try {
    const output = createPartFile(job.output, 'the trace');
    try {
      const writing = countsCycles(trace.format) ? withClock(options, job.to) : options;
      // The addresses of a memory map are those of the input.
      const moved = job.offset !== 0 || job.wrap;
      const map = trace.memoryMap?.();
      const kept = moved ? undefined : map;
      const writer = createAccessTraceWriter(output.put, job.to, writing, losses, trace.metadata, kept);
      const run = emptyRun();
      const runsOf = windowed(trace, window);
      let runs = 0;
      const bytes = [0, 0];
      const turn = createTurn();
      while (runsOf.next(run)) {
        if (runs % RUNS_A_TURN === 0) await turn();
        writer.append(run);
        runs++;
        bytes[run.write ? 1 : 0]! += run.bytes;
      }
      writer.end();
      const lost = [
        ...requestLosses(losses),
        ...(losses.lateTimes > 0 ? [`the time of ${count(losses.lateTimes, 'late request')}`] : []),
        ...(losses.data > 0 ? [`data of ${count(losses.data, 'access')}`] : []),
        ...(!accessFormat(job.to).carries.metadata && Object.keys(trace.metadata).length > 0
          ? ['the metadata of the trace']
          : []),
        ...(map !== undefined && (moved || !accessFormat(job.to).carries.metadata)
          ? ['its memory map, without which a replay gives no accuracy']
          : []),
      ];
      if (!job.allowLossy && requestLosses(losses).length > 0)
        throw new InputError(`${job.to} would lose ${requestLosses(losses).join(', ')}`, {
          place: { file: job.input },
          remedy: 'choose another format, or accept the loss: --allow-lossy',
        });
      output.end();
      const reading = traceReading(trace, losses, { format: job.from, accessBytes: job.accessBytes });
      return { from: trace.format, to: job.to, reading, runs, reads: bytes[0]!, writes: bytes[1]!, lost };
    } catch (error) {
      output.abandon();
      throw error;
    }
  } finally {
    opened.close();
  }
}

async function memoryOf({ device, addressMapping }: ConvertJob): Promise<AccessTraceOptions['memory']> {
  if (device === undefined) return undefined;
  const { organisation } = await loadDevice(device, modelFiles);
  return { organisation, mapping: await openAddressMapping(addressMapping, organisation) };
}

const countsCycles = (format: AccessFormatName): boolean => accessFormat(format).carries.arrival === 'cycles';

/** A clock for reading cycles that are written as cycles again, if none is given. */
const withClock = (options: AccessTraceOptions, to: AccessFormatName): AccessTraceOptions =>
  options.clock === undefined && countsCycles(to) ? { ...options, clock: ANY_CLOCK } : options;

const count = (number: number, what: string): string =>
  `${number.toLocaleString('en')} ${what}${number === 1 ? '' : what.endsWith('s') ? 'es' : 's'}`;

/** Losses that change the requests. */
function requestLosses({ arrivals, roundedArrivals, sources, lowAddressBits }: Losses): string[] {
  return [
    ...(arrivals > 0 ? [count(arrivals, 'arrival time')] : []),
    ...(roundedArrivals > 0 ? [`the exact time of ${count(roundedArrivals, 'access')}`] : []),
    ...(sources > 0 ? [count(sources, 'source')] : []),
    ...(lowAddressBits > 0 ? [`the low address bits of ${count(lowAddressBits, 'access')}`] : []),
  ];
}

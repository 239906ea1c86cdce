import { createTraffic } from '../accelerator/traffic.ts';
import type { Traffic } from '../accelerator/traffic-source.ts';
import {
  type ByteRange,
  parseTraffic,
  type TraceTraffic,
  type TrafficSpec,
} from '../accelerator/traffic-spec.ts';
import type { AddressMapping } from '../dram/address.ts';
import type { RequestSource } from '../dram/replay.ts';
import { InputError } from '../errors/input-error.ts';
import { bytesPerBurst, type Device } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { WeightRowRuns } from '../mapping/weight-rows.ts';
import { type AccessRunReader, placeOfRun } from '../trace/access-run.ts';
import { traceRequests } from '../trace/trace-requests.ts';
import type { Remark } from './recorder.ts';
import { openTrace } from './trace-files.ts';

/** The memory that the traffic shares with the weights. */
export interface SharedMemory {
  readonly device: Device;
  readonly timing: ResolvedTiming;
  readonly mapping: AddressMapping;
  readonly runs: WeightRowRuns;
  readonly seed: number;
}

/** Other traffic, ready to run. */
export interface OpenTraffic {
  /** As the user described it, with what was left open. */
  readonly flows: readonly Traffic[];
  close(): void;
}

/** Requests of one source of traffic that may be under way: as many as a controller's read queue holds by default. */
const OUTSTANDING = 32;

/**
 * Opens traffic as its descriptions say (accelerator/traffic-spec.ts). Without a range of its own it goes to the largest range of
 * addresses that no weight lies in; `remark` says which. Throws InputError for descriptions and traces that cannot serve, and for
 * writes to where weights lie, when they are described or come.
 */
export async function openTraffic(
  descriptions: readonly string[],
  memory: SharedMemory,
  remark: Remark,
): Promise<OpenTraffic> {
  const { device, timing, mapping, runs, seed } = memory;
  const { organisation, clock } = device;
  const weights = weightRanges(runs, bytesPerBurst(organisation));
  const range = largestGap(weights, mapping.bursts * bytesPerBurst(organisation));
  const closes: (() => void)[] = [];
  const flows: Traffic[] = [];
  for (const [number, text] of descriptions.entries()) {
    const spec = parseTraffic(text, { file: `--traffic ${text}`, line: 1, column: 1 });
    let requests: RequestSource;
    if (spec.kind === 'trace') {
      const opened = await openTrace(spec.file);
      closes.push(opened.close);
      const { format, assumedBytes } = opened.trace;
      remark(
        `traffic ${number}: ${spec.file} is read as ${format}${assumedBytes === undefined ? '' : `, ${assumedBytes} bytes an access`}`,
      );
      requests = traceTraffic(opened.trace, spec, memory, weights);
    } else {
      const own = spec.range ?? range;
      if (spec.readShare < 1) requireFree(own, weights, spec);
      if (spec.range === undefined)
        remark(
          `traffic ${number}: addresses 0x${own.from.toString(16)}+${own.bytes}, the largest range without weights`,
        );
      requests = createTraffic(spec, { organisation, timing, clock, range, seed, number });
    }
    flows.push({ requests, mapping, organisation, outstanding: OUTSTANDING });
  }
  return {
    flows,
    close() {
      for (const close of closes) close();
    },
  };
}

/** Ranges of addresses in which weights lie, ascending, those that touch as one. */
function weightRanges({ burst, count }: WeightRowRuns, burstBytes: number): ByteRange[] {
  const order = Array.from(burst.keys()).sort((a, b) => burst[a]! - burst[b]!);
  const ranges: { from: number; bytes: number }[] = [];
  for (const i of order) {
    const from = burst[i]! * burstBytes;
    const bytes = count[i]! * burstBytes;
    const last = ranges.at(-1);
    if (last && last.from + last.bytes === from) last.bytes += bytes;
    else ranges.push({ from, bytes });
  }
  return ranges;
}

/** The largest range without weights, of equal ones the first. Throws InputError for a memory full of weights. */
function largestGap(weights: readonly ByteRange[], bytes: number): ByteRange {
  let best: ByteRange = { from: 0, bytes: 0 };
  let from = 0;
  for (const next of [...weights, { from: bytes, bytes: 0 }]) {
    if (next.from - from > best.bytes) best = { from, bytes: next.from - from };
    from = next.from + next.bytes;
  }
  if (best.bytes === 0)
    throw new InputError('the weights fill the memory: there is no room for other traffic', {
      remedy: 'choose a larger device',
    });
  return best;
}

/** The first of the weights' ranges that a range meets. */
const meeting = (weights: readonly ByteRange[], { from, bytes }: ByteRange): ByteRange | undefined =>
  weights.find((other) => other.from < from + bytes && from < other.from + other.bytes);

function requireFree(range: ByteRange, weights: readonly ByteRange[], spec: TrafficSpec): void {
  const hit = meeting(weights, range);
  if (hit)
    throw new InputError(`this traffic would write to 0x${hit.from.toString(16)}, where weights lie`, {
      place: spec.placeOf('range'),
      remedy: 'give it another range, only reads (read=1), or no range',
    });
}

/** The requests of a trace at its own times, moved by its offset. */
function traceTraffic(
  trace: AccessRunReader,
  spec: TraceTraffic,
  { device, mapping }: SharedMemory,
  weights: readonly ByteRange[],
): RequestSource {
  const moved: AccessRunReader = {
    next(run) {
      if (!trace.next(run)) return false;
      run.address += spec.offset;
      return true;
    },
    ...(trace.place ? { place: () => trace.place!() } : {}),
  };
  const requests = traceRequests(moved, device, mapping, 'trace', -spec.offset);
  const burstBytes = bytesPerBurst(device.organisation);
  return {
    next(request) {
      if (!requests.next(request)) return false;
      const hit = request.write
        ? meeting(weights, { from: request.address, bytes: request.bursts * burstBytes })
        : undefined;
      if (hit)
        throw new InputError(`the trace writes to 0x${request.address.toString(16)}, where weights lie`, {
          ...placeOfRun(trace),
          remedy: `give it an offset, such as trace:${spec.file}:offset=0x${(hit.from + hit.bytes).toString(16)}`,
        });
      return true;
    },
  };
}

import { createOrderedMapping } from '../dram/address-mapping.ts';
import { DEFAULT_CONTROLLER } from '../dram/controller-options.ts';
import { type ReplayResult, replay } from '../dram/replay.ts';
import { type SupplyEffects, supplyEffects } from '../energy/effects.ts';
import type { VoltageLaw } from '../energy/voltage-law.ts';
import { InputError } from '../errors/input-error.ts';
import type { Device } from '../hardware/device.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { resolveTiming } from '../hardware/resolve-timing.ts';
import type { ResolvedTiming, TimingMode } from '../hardware/resolved-timing.ts';
import type { ResultRow } from '../report/result-columns.ts';
import type { TraceMetadata } from '../trace/sxt-format.ts';
import type { Volts } from '../units/flavours.ts';
import { ADDRESS_ORDER } from './dram-window.ts';
import { dramColumns, withSaving } from './energy-columns.ts';
import { modelFiles } from './model-files.ts';
import { openTrace } from './trace-files.ts';
import { type Arrival, traceRequests } from './trace-requests.ts';

/** What `sparkxd replay` is asked for. */
export interface ReplayJob {
  readonly trace: string;
  readonly device: string;
  readonly supplies: readonly Volts[];
  readonly timing: TimingMode;
  readonly arrival: Arrival;
  readonly law: VoltageLaw;
}

export interface ReplayOutcome {
  readonly metadata: TraceMetadata;
  /** One a supply, in the job's order. */
  readonly rows: readonly ResultRow[];
  /** What each supply changes in the trace's energy, apart: by its voltage, and by its slower timing. */
  readonly effects: readonly SupplyEffects[];
}

/**
 * Replays a trace at each supply; the saving is against the same trace at nominal supply. Supplies whose timing is
 * the same in cycles share one simulation. `onSupply` is called as each is done.
 */
export async function runReplay(job: ReplayJob, onSupply: () => void): Promise<ReplayOutcome> {
  const device = await loadDevice(job.device, modelFiles);
  const { nominal } = device.supply;
  const timings = new Map<Volts, ResolvedTiming>();
  for (const supply of [nominal, ...job.supplies])
    timings.set(supply, await resolveTiming(device, supply, job.timing));

  let metadata: TraceMetadata = {};
  const windows = new Map<string, ReplayResult>();
  const windowAt = async (supply: Volts): Promise<ReplayResult> => {
    const timing = timings.get(supply)!;
    const key = JSON.stringify(timing.parameters);
    let window = windows.get(key);
    if (!window) {
      const trace = await openTrace(job.trace);
      try {
        metadata = trace.reader.metadata;
        window = replayOnce(job, device, timing, trace.reader);
      } finally {
        trace.close();
      }
      windows.set(key, window);
    }
    return window;
  };
  const columns = (window: ReplayResult, supply: Volts): ResultRow => ({
    ...dramColumns(device, window, { supply, law: job.law }),
    timing: job.timing,
  });

  const accurate = await windowAt(nominal);
  const rows: ResultRow[] = [];
  const effects: SupplyEffects[] = [];
  for (const supply of job.supplies) {
    const window = await windowAt(supply);
    rows.push(withSaving(columns(window, supply), columns(accurate, nominal)));
    effects.push(supplyEffects(device, accurate.activity, window.activity, { supply, law: job.law }));
    onSupply();
  }
  return { metadata, rows, effects };
}

function replayOnce(
  { trace, arrival }: ReplayJob,
  device: Device,
  timing: ResolvedTiming,
  reader: Parameters<typeof traceRequests>[0],
): ReplayResult {
  const mapping = createOrderedMapping(device.organisation, ADDRESS_ORDER);
  const source = traceRequests(reader, device, mapping, arrival);
  const result = replay(device.organisation, timing, DEFAULT_CONTROLLER, mapping, source);
  if (result.reads + result.writes === 0)
    throw new InputError('the trace holds no access', { place: { file: trace } });
  return result;
}

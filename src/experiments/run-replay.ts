import type { AddressMapping } from '../dram/address.ts';
import { createCommandHash } from '../dram/command-hash.ts';
import type { ControllerOptions } from '../dram/controller-options.ts';
import { type CommandLog, type ReplayResult, replay } from '../dram/replay.ts';
import { type SupplyEffects, supplyEffects } from '../energy/effects.ts';
import type { VoltageLaw } from '../energy/voltage-law.ts';
import { InputError } from '../errors/input-error.ts';
import { bytesPerBurst, type Device } from '../hardware/device.ts';
import { loadDevice } from '../hardware/load-device.ts';
import type { ResolvedTiming, SubarrayScheme, TimingMode } from '../hardware/resolved-timing.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { openAddressMapping } from '../inputs/open-address-mapping.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { createTextFile, openTrace, type TraceFileOptions } from '../inputs/trace-files.ts';
import { type BankCountRow, bankCountRows } from '../results/bank-counts.ts';
import { dramColumns, withSaving } from '../results/dram-columns.ts';
import type { ResultRow } from '../results/result-columns.ts';
import type { AccessFormatName } from '../trace/access-formats.ts';
import { ONE_RANK_FORMATS, type TextCommandFormat } from '../trace/command-trace-formats.ts';
import { createCommandTraceWriter } from '../trace/command-trace-writer.ts';
import type { TraceMetadata } from '../trace/sxt-format.ts';
import { type Arrival, traceRequests } from '../trace/trace-requests.ts';
import type { Bytes, Volts } from '../units/flavours.ts';

/** What `sparkxd replay` is asked for. */
export interface ReplayJob {
  readonly trace: string;
  /** Format of the trace; found from its content if undefined. */
  readonly format: AccessFormatName | undefined;
  /** Bytes of an access where the trace's format does not say. */
  readonly accessBytes: Bytes | undefined;
  readonly device: string;
  readonly supplies: readonly Volts[];
  readonly timing: TimingMode;
  readonly arrival: Arrival;
  readonly law: VoltageLaw;
  /** How addresses lie in the device: an order by name, or a mapping file. */
  readonly addressMapping: string;
  readonly controller: ControllerOptions;
  /** How the subarrays of a bank are used apart; undefined: not at all. */
  readonly subarrays: SubarrayScheme | undefined;
  /** Whether to hash every command. */
  readonly hash: boolean;
  /** Also write every command, in this format, to this file; for one supply only. */
  readonly commands?: { readonly file: string; readonly format: TextCommandFormat };
}

export interface ReplayOutcome {
  readonly metadata: TraceMetadata;
  /** One a supply, in the job's order. */
  readonly rows: readonly ResultRow[];
  /** Row hits, misses and conflicts by bank, accesses by subarray, of each supply. */
  readonly banks: readonly BankCountRow[];
  /** Hash of all commands at each supply, if asked for. */
  readonly hashes: readonly string[];
  /** What each supply changes in the trace's energy, apart: by its voltage, and by its slower timing. */
  readonly effects: readonly SupplyEffects[];
}

interface HashedWindow {
  readonly result: ReplayResult;
  readonly hash: string | undefined;
}

/**
 * Replays a trace at each supply; the saving is against the same trace at nominal supply. Supplies whose timing is
 * the same in cycles share one simulation. `onSupply` is called as each is done.
 */
export async function runReplay(job: ReplayJob, onSupply: () => void): Promise<ReplayOutcome> {
  const device = await loadDevice(job.device, modelFiles);
  const mapping = await openAddressMapping(job.addressMapping, device.organisation);
  const { nominal } = device.supply;
  const timings = new Map<Volts, ResolvedTiming>();
  for (const supply of [nominal, ...job.supplies]) timings.set(supply, await timingAt(device, supply, job));

  let metadata: TraceMetadata = {};
  const windows = new Map<string, HashedWindow>();
  const windowAt = async (supply: Volts): Promise<HashedWindow> => {
    const timing = timings.get(supply)!;
    const key = JSON.stringify(timing.parameters);
    let window = windows.get(key);
    if (!window) {
      const opened = await openTrace(job.trace, readingOf(job, device, mapping));
      try {
        metadata = opened.trace.metadata;
        const hash = job.hash ? createCommandHash() : undefined;
        const result = replayOnce(job, device, mapping, timing, opened.trace, hash?.log);
        window = { result, hash: hash?.digest() };
      } finally {
        opened.close();
      }
      windows.set(key, window);
    }
    return window;
  };
  const columns = (window: ReplayResult, supply: Volts): ResultRow => ({
    ...dramColumns(device, window, { supply, law: job.law }),
    timing: job.timing,
  });

  if (job.commands) {
    if (job.supplies.length !== 1)
      throw new InputError(`${job.supplies.length} supplies cannot share one file of commands`, {
        remedy: 'give --commands with a single --supply',
      });
    await writeCommands(job, device, mapping, timings.get(job.supplies[0]!)!, job.commands);
  }
  const { result: accurate } = await windowAt(nominal);
  const rows: ResultRow[] = [];
  const banks: BankCountRow[] = [];
  const hashes: string[] = [];
  const effects: SupplyEffects[] = [];
  for (const supply of job.supplies) {
    const { result: window, hash } = await windowAt(supply);
    if (hash !== undefined) hashes.push(hash);
    rows.push(withSaving(columns(window, supply), columns(accurate, nominal)));
    banks.push(...bankCountRows(device.organisation, supply, window.banks));
    effects.push(supplyEffects(device, accurate.activity, window.activity, { supply, law: job.law }));
    onSupply();
  }
  return { metadata, rows, banks, hashes, effects };
}

/** A trace that counts in cycles is taken to count in the device's, and address vectors to be the device's. */
function readingOf(
  { format, accessBytes }: ReplayJob,
  device: Device,
  mapping: AddressMapping,
): TraceFileOptions {
  return {
    clock: device.clock,
    memory: { organisation: device.organisation, mapping },
    ...(format === undefined ? {} : { format }),
    accessBytes: accessBytes ?? bytesPerBurst(device.organisation),
  };
}

/** Replays the trace once more, for its commands alone; the file appears whole or not at all. */
async function writeCommands(
  job: ReplayJob,
  device: Device,
  mapping: AddressMapping,
  timing: ResolvedTiming,
  { file, format }: NonNullable<ReplayJob['commands']>,
): Promise<void> {
  if (ONE_RANK_FORMATS.has(format) && device.organisation.ranks > 1)
    throw new InputError(`${format} traces have one rank, ${device.name} has ${device.organisation.ranks}`, {
      remedy: 'choose --commands-format drampower',
    });
  const output = createTextFile(file);
  const opened = await openTrace(job.trace, readingOf(job, device, mapping));
  try {
    const writer = createCommandTraceWriter(output.put, format, device.organisation);
    const { cycles } = replayOnce(
      job,
      device,
      mapping,
      timing,
      opened.trace,
      (cycle, command, rank, bank, row, column) => writer.append({ cycle, command, rank, bank, row, column }),
    );
    writer.end(cycles);
    output.end();
  } catch (error) {
    output.abandon();
    throw error;
  } finally {
    opened.close();
  }
}

function replayOnce(
  { trace, arrival, controller }: ReplayJob,
  device: Device,
  mapping: AddressMapping,
  timing: ResolvedTiming,
  reader: Parameters<typeof traceRequests>[0],
  log?: CommandLog,
): ReplayResult {
  const source = traceRequests(reader, device, mapping, arrival);
  const result = replay(device.organisation, timing, controller, mapping, source, log);
  if (result.reads + result.writes === 0)
    throw new InputError('the trace holds no access', { place: { file: trace } });
  return result;
}

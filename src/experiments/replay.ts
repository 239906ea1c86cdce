import type { AddressMapping } from '../dram/address.ts';
import { createCommandHash } from '../dram/command-hash.ts';
import type { ControllerOptions } from '../dram/controller-options.ts';
import { type CommandLog, openReplay, type ReplayResult } from '../dram/replay.ts';
import { type SupplyEffects, supplyEffects } from '../energy/effects.ts';
import { InputError } from '../errors/input-error.ts';
import { createTurn } from '../files/turn.ts';
import { bytesPerBurst, type Device } from '../hardware/device.ts';
import { loadDevice } from '../hardware/load-device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import { openAddressMapping } from '../inputs/open-address-mapping.ts';
import { createInputRecorder } from '../inputs/recorder.ts';
import { type RepeatableBytes, repeatableBytes } from '../inputs/repeatable-bytes.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { createTextFile, openTrace, type TraceFileOptions } from '../inputs/trace-files.ts';
import { bankCountRows } from '../results/bank-counts.ts';
import type { BankRow, ReplayRow } from '../results/columns.ts';
import { dramCells, saving } from '../results/dram-columns.ts';
import { controllerOptions } from '../settings/controller-settings.ts';
import { REPLAY, type ReplayInput, type ReplayJob } from '../settings/jobs/replay.ts';
import { completeJob } from '../settings/parse-job.ts';
import { type AddressWindow, windowed } from '../trace/address-window.ts';
import { ONE_RANK_FORMATS } from '../trace/command-trace-formats.ts';
import { createCommandTraceWriter } from '../trace/command-trace-writer.ts';
import type { TraceMetadata } from '../trace/sxt-format.ts';
import { traceRequests } from '../trace/trace-requests.ts';
import type { Bytes, Volts } from '../units/flavours.ts';
import { type TraceReading, traceReading } from './trace-reading.ts';

export interface ReplayOutcome {
  readonly metadata: TraceMetadata;
  readonly reading: ReplayReading;
  /** One a supply, in the job's order. */
  readonly rows: readonly ReplayRow[];
  /** Row hits, misses and conflicts by bank, accesses by subarray, of each supply. */
  readonly banks: readonly BankRow[];
  /** Hash of all commands at each supply, if the job wants it. */
  readonly hashes: readonly string[];
  /** What each supply changes in the trace's energy, apart: by its voltage, and by its slower timing. */
  readonly effects: readonly SupplyEffects[];
}

/** What the trace was found to be, and how its accesses and times were taken. */
export interface ReplayReading extends TraceReading {
  readonly burst_bytes: Bytes;
  /** Whether the trace has times that were not used: requests entered as fast as the memory accepted them. */
  readonly times_unused: boolean;
}

interface HashedWindow {
  readonly result: ReplayResult;
  readonly hash: string | undefined;
}

/** What all supplies of a replay share. */
interface Bench {
  readonly job: ReplayJob;
  readonly bytes: RepeatableBytes;
  readonly device: Device;
  readonly mapping: AddressMapping;
  readonly controller: ControllerOptions;
}

/**
 * Replays a trace at each supply, nominal by default; the saving is against the same trace at nominal supply. Supplies
 * whose timing is the same in cycles share one simulation. `onSupply` is called as each is done. Throws InputError for a
 * trace that cannot be read, does not fit the device or holds no access.
 */
export async function runReplay(
  input: ReplayInput,
  onSupply: (done: number) => void = () => {},
): Promise<ReplayOutcome> {
  const job = completeJob(REPLAY, input);
  const { models, note } = createInputRecorder();
  const device = await loadDevice(job.device, models);
  const mapping = await openAddressMapping(job.addressMapping, device.organisation, note);
  const bytes = await repeatableBytes(job.trace);
  const bench: Bench = { job, bytes, device, mapping, controller: controllerOptions(job.controller) };
  const { nominal } = device.supply;
  const { supplies = [nominal], law } = job;
  const timings = new Map<Volts, ResolvedTiming>();
  for (const supply of [nominal, ...supplies])
    timings.set(supply, await timingAt(device, supply, job, models));

  let seen: Pick<ReplayOutcome, 'metadata' | 'reading'> | undefined;
  const windows = new Map<string, HashedWindow>();
  const windowAt = async (supply: Volts): Promise<HashedWindow> => {
    const timing = timings.get(supply)!;
    const key = JSON.stringify(timing.parameters);
    let window = windows.get(key);
    if (!window) {
      const hash = job.hash ? createCommandHash() : undefined;
      const { result, metadata, reading } = await replayOnce(bench, timing, hash?.log);
      seen = { metadata, reading };
      window = { result, hash: hash?.digest() };
      windows.set(key, window);
    }
    return window;
  };

  try {
    if (job.commands !== undefined) {
      if (supplies.length !== 1)
        throw new InputError(`${supplies.length} supplies cannot share one file of commands`, {
          remedy: 'give --commands with a single --supply',
        });
      await writeCommands(bench, timings.get(supplies[0]!)!, job.commands);
    }
    const { result: accurate } = await windowAt(nominal);
    const accurateCells = dramCells(device, accurate, { supply: nominal, law });
    const rows: ReplayRow[] = [];
    const banks: BankRow[] = [];
    const hashes: string[] = [];
    const effects: SupplyEffects[] = [];
    for (const supply of supplies) {
      const { result: window, hash } = await windowAt(supply);
      if (hash !== undefined) hashes.push(hash);
      const cells = dramCells(device, window, { supply, law });
      rows.push({
        ...cells,
        timing: job.timing,
        energy_saving_vs_nominal: saving(cells.energy_per_access_pJ, accurateCells.energy_per_access_pJ),
      });
      banks.push(...bankCountRows(device.organisation, supply, window.banks));
      effects.push(supplyEffects(device, accurate.activity, window.activity, { supply, law }));
      onSupply(1);
    }
    return { ...seen!, rows, banks, hashes, effects };
  } finally {
    bytes.release();
  }
}

const windowOf = ({ job, device, mapping }: Pick<Bench, 'job' | 'device' | 'mapping'>): AddressWindow => ({
  offset: job.offset,
  ...(job.wrap ? { wrap: mapping.bursts * bytesPerBurst(device.organisation) } : {}),
});

/** A trace that counts in cycles is taken to count in the device's, and address vectors to be the device's. */
export const readingOptions = ({
  job,
  device,
  mapping,
}: Pick<Bench, 'job' | 'device' | 'mapping'>): TraceFileOptions => ({
  clock: device.clock,
  memory: { organisation: device.organisation, mapping },
  window: windowOf({ job, device, mapping }),
  ...(job.format === undefined ? {} : { format: job.format }),
  ...(job.accessBytes === undefined ? {} : { accessBytes: job.accessBytes }),
  burstBytes: bytesPerBurst(device.organisation),
  writes: job.writes,
  addressBase: job.addressBase,
  lateTimes: job.lateTimes || job.arrival === 'asap',
});

/** Replays the trace once more, for its commands alone; the file appears whole or not at all. */
async function writeCommands(bench: Bench, timing: ResolvedTiming, file: string): Promise<void> {
  const { job, device } = bench;
  const format = job.commandsFormat;
  if (ONE_RANK_FORMATS.has(format) && device.organisation.ranks > 1)
    throw new InputError(`${format} traces have one rank, ${device.name} has ${device.organisation.ranks}`, {
      remedy: 'choose --commands-format drampower',
    });
  const output = createTextFile(file);
  try {
    const writer = createCommandTraceWriter(output.put, format, device.organisation);
    const log: CommandLog = (cycle, command, rank, bank, row, column) =>
      writer.append({ cycle, command, rank, bank, row, column });
    const { result } = await replayOnce(bench, timing, log);
    writer.end(result.cycles);
    output.end();
  } catch (error) {
    output.abandon();
    throw error;
  }
}

interface Replayed {
  readonly result: ReplayResult;
  readonly metadata: TraceMetadata;
  readonly reading: ReplayReading;
}

/** Runs that are replayed between two looks at the clock. */
const RUNS_A_TURN = 4096;

async function replayOnce(bench: Bench, timing: ResolvedTiming, log?: CommandLog): Promise<Replayed> {
  const { job, bytes, device, mapping, controller } = bench;
  const { organisation } = device;
  const burst = bytesPerBurst(organisation);
  const { trace, losses, close } = await openTrace(bytes, readingOptions(bench));
  try {
    const window = windowOf(bench);
    const source = traceRequests(windowed(trace, window), device, mapping, job.arrival, job.offset);
    const open = openReplay(organisation, timing, controller, mapping, source, log);
    const turn = createTurn();
    while (open.advance(RUNS_A_TURN)) await turn();
    const result = open.finish();
    if (result.reads + result.writes === 0)
      throw new InputError('the trace holds no access', { place: { file: job.trace } });
    const reading = {
      ...traceReading(trace, losses, job),
      ...(job.arrival === 'asap' ? { late_requests: 0 } : {}),
      burst_bytes: burst,
      times_unused: job.arrival === 'asap' && source.timed(),
    };
    return { result, metadata: trace.metadata, reading };
  } finally {
    close();
  }
}

import type { FetchLog } from '../../accelerator/system.ts';
import { kilohertzOf, picosecondBefore } from '../../engine/clock-crossing.ts';
import { bytesPerBurst, type Device } from '../../hardware/device.ts';
import { createTraceFile } from '../../inputs/trace-files.ts';
import type { WeightRowRuns } from '../../mapping/weight-rows.ts';
import { emptyRun } from '../../trace/access-run.ts';
import type { MemoryMap } from '../../trace/memory-map.ts';
import type { TraceMetadata } from '../../trace/sxt-format.ts';
import { type Recording, recordingMap, recordingMetadata } from '../recording/recording-metadata.ts';

/** A recording of a simulation while it is written. */
export interface OpenRecording {
  /** Writes a fetch as its runs of bursts, at the picosecond that the device takes for the same cycle again. */
  readonly fetched: FetchLog;
  end(): void;
  /** Gives up: nothing is left behind. */
  abandon(): void;
}

/** Begins the file of a job that wants a recording. Throws InputError where it cannot be written. */
export function openRecording(file: string | undefined, recording: Recording): OpenRecording | undefined {
  if (file === undefined) return undefined;
  const { memory, runs } = recording;
  return beginRecording(file, memory.device, runs, recordingMetadata(recording), recordingMap(recording));
}

/** The same of any network. */
export function beginRecording(
  file: string,
  { organisation, clock }: Device,
  { start, burst, count }: WeightRowRuns,
  metadata: TraceMetadata,
  map: MemoryMap,
): OpenRecording {
  const trace = createTraceFile(file, { ...metadata, arrivals: 'closed loop' }, map);
  const bytes = bytesPerBurst(organisation);
  const kilohertz = kilohertzOf(clock);
  const run = emptyRun();
  return {
    fetched(_, row, cycle) {
      run.arrival = picosecondBefore(cycle, kilohertz);
      for (let i = start[row]!; i < start[row + 1]!; i++) {
        run.address = burst[i]! * bytes;
        run.bytes = count[i]! * bytes;
        trace.append(run);
      }
    },
    end: trace.end,
    abandon: trace.abandon,
  };
}

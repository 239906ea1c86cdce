import { createTurn } from '../../files/turn.ts';
import { bytesPerBurst, type Organisation } from '../../hardware/device.ts';
import type { createTraceFile } from '../../inputs/trace-files.ts';
import { weightReads } from '../../mapping/requests.ts';
import type { WeightRowRuns } from '../../mapping/weight-rows.ts';
import { emptyRun } from '../../trace/access-run.ts';

/** Runs that are written between two looks at the clock. */
const RUNS_A_TURN = 1024;

/** Writes the reads of fetched weight rows, as fast as accepted, and ends the trace; nothing of it is left where that fails. */
export async function writeFetches(
  trace: ReturnType<typeof createTraceFile>,
  fetches: Iterable<Uint32Array>,
  runs: WeightRowRuns,
  organisation: Organisation,
): Promise<{ readonly accesses: number; readonly bytes: number }> {
  const burst = bytesPerBurst(organisation);
  const reads = weightReads(fetches, runs, burst);
  const request = { address: 0, bursts: 0, write: false, arrival: 0 };
  const run = emptyRun();
  const turn = createTurn();
  let accesses = 0;
  try {
    for (let taken = 0; reads.next(request); taken++) {
      if (taken % RUNS_A_TURN === 0) await turn();
      run.address = request.address;
      run.bytes = request.bursts * burst;
      trace.append(run);
      accesses += request.bursts;
    }
    trace.end();
  } catch (error) {
    trace.abandon();
    throw error;
  }
  return { accesses, bytes: accesses * burst };
}
